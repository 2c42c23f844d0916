/** Times at which the machine is too busy for the promises: the database answers late by itself. */

import { setTimeout } from 'node:timers/promises'

const PROBE_EVERY_MS = 250

/** `endedAt` is infinite while it lasts; times are milliseconds since the epoch. */
export type Overload = { startedAt: number; endedAt: number }

export interface OverloadWatch {
  /** How many probes were late so far. */
  count(): number
  /** The newest overload that began before `until` and lasted at least until `since`. */
  between(since: number, until: number): Overload | undefined
}

/**
 * Probes the Worker and its database, past the injected faults, until `signal`.
 *
 * @param lateMs a probe that takes this long is an overload from its start to its end
 */
export function watchOverload(
  probe: () => Promise<unknown>,
  lateMs: number,
  signal: AbortSignal,
): OverloadWatch {
  const overloads: Overload[] = []
  let startedAt = Number.POSITIVE_INFINITY
  async function go() {
    for (;;) {
      startedAt = Date.now()
      await probe()
      const endedAt = Date.now()
      if (endedAt - startedAt >= lateMs) overloads.push({ startedAt, endedAt })
      startedAt = Number.POSITIVE_INFINITY
      await setTimeout(PROBE_EVERY_MS, undefined, { signal })
    }
  }
  // Ended by the signal.
  go().catch(() => {})
  return {
    count: () => overloads.length,
    between(since, until) {
      if (Date.now() - startedAt >= lateMs && startedAt <= until) {
        return { startedAt, endedAt: Number.POSITIVE_INFINITY }
      }
      return overloads.findLast((late) => late.startedAt <= until && late.endedAt >= since)
    },
  }
}
