/** Ages by the clocks of isolates, which can differ and be set back. */

/** The clocks of two isolates in a data center may differ by as much. */
const CLOCK_SKEW_MS = 1000

/** Milliseconds since a time; infinite for a time in the future, which a clock that was wrong has set. */
export function ageMs(time: number): number {
  const age = Date.now() - time
  return age < -CLOCK_SKEW_MS ? Number.POSITIVE_INFINITY : Math.max(0, age)
}
