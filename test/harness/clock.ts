/** The tests' clock: `Date`, which setup.ts fakes. */

import { vi } from 'vitest'

/** Moves the clock, back too. */
export function passSeconds(seconds: number): void {
  vi.setSystemTime(Date.now() + seconds * 1000)
}

/** After so much time, nothing that an isolate remembers may be served. */
export function passDays(): void {
  passSeconds(3 * 86_400)
}
