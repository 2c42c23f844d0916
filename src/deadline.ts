/** A time limit for calls that have none of their own, such as those of the Cache API. */

/** A call has not ended within its time limit. */
export class DeadlineError extends Error {
  override name = 'DeadlineError'
}

/**
 * Settles as the promise does. If that is too late, its result is ignored, even a rejection; the call
 * itself is not canceled.
 *
 * @throws {DeadlineError} after `ms` milliseconds
 */
export async function withDeadline<T>(promise: Promise<T>, ms: number): Promise<T> {
  const { promise: deadline, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new DeadlineError(`${ms} ms have passed`)), ms)
  return Promise.race([promise, deadline]).finally(() => clearTimeout(timer))
}
