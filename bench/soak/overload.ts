/** Detects when the machine is too busy to meet the latency limits. */

import { setTimeout } from 'node:timers/promises'

const PROBE_EVERY_MS = 250

/** Times are milliseconds since the epoch; `endedAt` is infinite during the overload. */
export type Overload = { startedAt: number; endedAt: number }

export interface OverloadWatch {
  /** The number of late probes so far. */
  count(): number
  /** The last overload that overlaps the interval. */
  between(since: number, until: number): Overload | undefined
}

/**
 * Calls `probe` periodically until `signal` aborts. A probe that takes `lateMs` or longer counts as
 * an overload from its start to its end.
 */
export function watchOverload(
  probe: () => Promise<unknown>,
  lateMs: number,
  signal: AbortSignal,
): OverloadWatch {
  const overloads: Overload[] = []
  let startedAt = Number.POSITIVE_INFINITY
  async function run() {
    for (;;) {
      startedAt = Date.now()
      await probe()
      const endedAt = Date.now()
      if (endedAt - startedAt >= lateMs) overloads.push({ startedAt, endedAt })
      startedAt = Number.POSITIVE_INFINITY
      await setTimeout(PROBE_EVERY_MS, undefined, { signal })
    }
  }
  // It rejects when the signal aborts.
  run().catch(() => {})
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
