/** Moves the clock of the tests, `Date`, which `setup.ts` fakes. */

import { vi } from 'vitest'

/** Moves the clock forward, or back if negative. */
export function passSeconds(seconds: number): void {
  vi.setSystemTime(Date.now() + seconds * 1000)
}

/** Moves the clock past the retention of all stored pages. */
export function passDays(): void {
  passSeconds(3 * 86_400)
}
