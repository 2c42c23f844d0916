/** Faults of the database, one after the other, with as much time between them. */

import { setTimeout } from 'node:timers/promises'
import { FAULTS, type Fault, SURVIVED_FAULTS } from '../../tools/neon-local/faults.ts'
import type { FaultyNeon } from '../../tools/neon-local/faulty-neon.ts'

const FAULT_MS = 3000
/** Has no factor in common with the number of faults: a short run meets faults of all kinds. */
const STRIDE = 5

/** `endedAt` is infinite while it lasts; times are milliseconds since the epoch. */
export type Outage = { fault: Fault; startedAt: number; endedAt: number }

export interface FaultSchedule {
  /** Faults so far, those that nobody should notice among them. */
  faults: Fault[]
  outages: Outage[]
  /** The newest outage that began before `until` and lasted at least until `since`. */
  outageBetween(since: number, until: number): Outage | undefined
}

/** Goes on until `signal`, and leaves the database reachable. */
export function startFaultSchedule(neon: FaultyNeon, signal: AbortSignal): FaultSchedule {
  const faultSchedule: FaultSchedule = {
    faults: [],
    outages: [],
    outageBetween: (since, until) =>
      faultSchedule.outages.findLast(
        (outage) => outage.startedAt <= until && outage.endedAt >= since,
      ),
  }
  const kinds = FAULTS.filter((fault) => fault !== 'none')
  async function go() {
    for (let n = 0; ; n++) {
      await setTimeout(FAULT_MS, undefined, { signal })
      const fault: Fault = kinds[(n * STRIDE) % kinds.length] ?? 'none'
      faultSchedule.faults.push(fault)
      const outage: Outage = { fault, startedAt: Date.now(), endedAt: Number.POSITIVE_INFINITY }
      if (!SURVIVED_FAULTS.includes(fault)) faultSchedule.outages.push(outage)
      neon.inject(fault)
      await setTimeout(FAULT_MS, undefined, { signal }).finally(() => neon.inject('none'))
      outage.endedAt = Date.now()
    }
  }
  // Ended by the signal.
  go().catch(() => {})
  return faultSchedule
}
