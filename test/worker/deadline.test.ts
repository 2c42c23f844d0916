import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { DeadlineError, withDeadline } from '../../src/deadline.ts'

const LIMIT_MS = 200

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterEach(() => {
  vi.useRealTimers()
})

/** The state of a promise once everything that waits for no timer has run. */
async function stateOf(promise: Promise<unknown>): Promise<unknown> {
  const pending = scheduler.wait(1).then(() => 'pending')
  return Promise.race([promise.catch((error) => error), pending])
}

describe('a call with a deadline', () => {
  it('resolves as the call does, and leaves no timer behind', async () => {
    const { promise, resolve } = Promise.withResolvers<string>()
    const result = withDeadline(promise, LIMIT_MS)
    await vi.advanceTimersByTimeAsync(LIMIT_MS - 1)
    resolve('in time')
    expect(await result).toBe('in time')
    expect(vi.getTimerCount()).toBe(0)
  })

  it('rejects as the call does, and leaves no timer behind', async () => {
    const failure = new RangeError('of the call')
    await expect(withDeadline(Promise.reject(failure), LIMIT_MS)).rejects.toBe(failure)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('rejects at its deadline, not before', async () => {
    const result = withDeadline(new Promise(() => {}), LIMIT_MS)
    result.catch(() => {})
    await vi.advanceTimersByTimeAsync(LIMIT_MS - 1)
    expect(await stateOf(result)).toBe('pending')
    await vi.advanceTimersByTimeAsync(1)
    expect(await stateOf(result)).toEqual(new DeadlineError('200 ms have passed'))
  })

  it('ignores a call that fails past its deadline', async () => {
    const unhandled = vi.fn((event: Event) => event.preventDefault())
    addEventListener('unhandledrejection', unhandled)
    const { promise, reject } = Promise.withResolvers<never>()
    const result = stateOf(withDeadline(promise, LIMIT_MS))
    await vi.advanceTimersByTimeAsync(LIMIT_MS)
    expect(await result).toBeInstanceOf(DeadlineError)
    reject(new RangeError('too late'))
    await scheduler.wait(1)
    removeEventListener('unhandledrejection', unhandled)
    expect(unhandled).not.toHaveBeenCalled()
  })
})
