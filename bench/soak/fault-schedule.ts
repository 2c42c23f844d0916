/** Injects one database fault after another, with pauses between them. */

import { setTimeout } from 'node:timers/promises'
import { FAULTS, type Fault, SURVIVED_FAULTS } from '../../tools/neon-local/faults.ts'
import type { FaultyNeon } from '../../tools/neon-local/faulty-neon.ts'

const FAULT_MS = 3000
const PAUSE_MS = 3000
const POLL_MS = 10
/** Long enough for several requests after the first failure, which takes three or four seconds. */
const SLOW_FAULT_MS: Partial<Record<Fault, number>> = { 'neon-stopped': 11_000, hang: 15_000 }
/** Coprime to the number of faults, so that a short run meets faults of every kind. */
const STRIDE = 5

/**
 * Times are milliseconds since the epoch; `endedAt` is infinite during the outage. Calls that began
 * before the outage are answered until `lastAnswerAt`, which is infinite until then.
 */
export type Outage = { fault: Fault; startedAt: number; lastAnswerAt: number; endedAt: number }

export interface FaultSchedule {
  /** All faults so far. */
  faults: Fault[]
  /** Without the faults that a retry survives. */
  outages: Outage[]
  /** The last outage that overlaps the interval. */
  outageBetween(since: number, until: number): Outage | undefined
}

/** Runs until `signal` aborts, and leaves the database reachable. */
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
  async function run() {
    for (let n = 0; ; n++) {
      await setTimeout(PAUSE_MS, undefined, { signal })
      const fault: Fault = kinds[(n * STRIDE) % kinds.length] ?? 'none'
      faultSchedule.faults.push(fault)
      const future = Number.POSITIVE_INFINITY
      const outage: Outage = {
        fault,
        startedAt: Date.now(),
        lastAnswerAt: future,
        endedAt: future,
      }
      if (!SURVIVED_FAULTS.includes(fault)) faultSchedule.outages.push(outage)
      neon.inject(fault)
      untilAnswered(neon, signal).then(
        () => {
          outage.lastAnswerAt = Date.now()
        },
        () => {},
      )
      const faultMs = SLOW_FAULT_MS[fault] ?? FAULT_MS
      await setTimeout(faultMs, undefined, { signal }).finally(() => neon.inject('none'))
      outage.endedAt = Date.now()
    }
  }
  // It rejects when the signal aborts.
  run().catch(() => {})
  return faultSchedule
}

/** Rejects when the signal aborts. */
async function untilAnswered(neon: FaultyNeon, signal: AbortSignal): Promise<void> {
  while (neon.answering > 0) await setTimeout(POLL_MS, undefined, { signal })
}
