/** A mutex that serves its callers in first-in, first-out order. */

export interface Mutex {
  /** Resolves to a function that releases the mutex. */
  acquire(): Promise<() => void>
}

export function createMutex(): Mutex {
  let last = Promise.resolve()
  return {
    async acquire() {
      const previous = last
      const { promise, resolve } = Promise.withResolvers<void>()
      last = promise
      await previous
      return resolve
    },
  }
}
