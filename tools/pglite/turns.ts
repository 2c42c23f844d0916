/** A mutex that serves its callers in the order they came. */

export interface Turns {
  /** Waits for its turn; the returned function ends it. */
  take(): Promise<() => void>
}

export function createTurns(): Turns {
  let last = Promise.resolve()
  return {
    async take() {
      const previous = last
      const { promise, resolve } = Promise.withResolvers<void>()
      last = promise
      await previous
      return resolve
    },
  }
}
