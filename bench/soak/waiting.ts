/** Finds answers that waited together for a database that was known to be out of reach. */

import type { Fault } from '../../tools/neon-local/faults.ts'
import type { Outage } from './fault-schedule.ts'

/** Faults that take seconds to show that the database is out of reach, or never show it. */
const SLOW_OUTAGES: readonly Fault[] = ['neon-stopped', 'hang']

/** An answer that takes longer than this has waited for the database. */
const WAIT_MS = 1500

export type Wait = { startedAt: number; endedAt: number }

export class WaitWatch {
  /** The answers that waited in each outage; the first one shows that the database is out of reach. */
  readonly #waits = new Map<Outage, Wait[]>()
  readonly #toleranceMs: number

  /** @param toleranceMs the maximum delay between an event and the time recorded for it */
  constructor(toleranceMs: number) {
    this.#toleranceMs = toleranceMs
  }

  /**
   * Throws if the answer waited at the same time as another one although a failure was known before
   * it started. Answers are given in the order of their end.
   */
  check({ startedAt, endedAt }: Wait, outage: Outage | undefined): void {
    if (!outage || !SLOW_OUTAGES.includes(outage.fault)) return
    if (startedAt < outage.startedAt || endedAt - startedAt < WAIT_MS) return
    const waits = this.#waits.get(outage) ?? []
    this.#waits.set(outage, waits)
    const knownAt = (waits[0]?.endedAt ?? Number.POSITIVE_INFINITY) + this.#toleranceMs
    const others = waits.filter(
      (wait) => wait.startedAt > knownAt && wait.endedAt > startedAt + this.#toleranceMs,
    )
    waits.push({ startedAt, endedAt })
    if (startedAt > knownAt && others.length > 0) {
      throw new Error('waited for the database at the same time as another request')
    }
  }
}
