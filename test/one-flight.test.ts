import { afterEach, describe, expect, it, vi } from 'vitest'
import { ApiError } from '../src/errors.ts'
import { oneFlight } from '../src/one-flight.ts'
import { newHost, resetCatalogue, spyOnNetwork, startIsolate } from './worker.ts'

const context = { waitUntil: () => {} }

afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

describe('oneFlight', () => {
  it('makes one call for all who ask at once, and another for who asks after it', async () => {
    const share = oneFlight<number>()
    let calls = 0
    const call = async () => {
      await scheduler.wait(5)
      return ++calls
    }
    const ask = () => share('key', context, 1000, call)
    expect(await Promise.all([ask(), ask(), ask()])).toEqual([1, 1, 1])
    expect(await ask()).toBe(2)
    expect(await Promise.all([ask(), share('other', context, 1000, call)])).toEqual([3, 4])
  })

  it('shares a failure, and does not keep it', async () => {
    const share = oneFlight<string>()
    const fail = () => Promise.reject(new Error('no'))
    const answers = [share('key', context, 1000, fail), share('key', context, 1000, fail)]
    for (const { status } of await Promise.allSettled(answers)) expect(status).toBe('rejected')
    expect(await share('key', context, 1000, async () => 'yes')).toBe('yes')
  })

  it('keeps the caller alive until the call has ended', async () => {
    const waitUntil = vi.fn<(promise: Promise<unknown>) => void>()
    const { promise, resolve } = Promise.withResolvers<string>()
    const answer = oneFlight<string>()('key', { waitUntil }, 1000, () => promise)
    const alive = vi.fn()
    const kept = waitUntil.mock.calls[0]?.[0].then(alive)
    await scheduler.wait(5)
    expect(alive).not.toHaveBeenCalled()
    resolve('yes')
    await kept
    expect(await answer).toBe('yes')
  })

  it('waits no longer than the time limit for a call whose request is gone', async () => {
    const share = oneFlight<string>()
    void share('key', context, 20, () => new Promise(() => {}))
    const error = await share('key', context, 20, async () => 'unused').catch((reason) => reason)
    expect(error).toBeInstanceOf(ApiError)
    expect(error.status).toBe(503)
  })

  it('takes a call past its time limit for dead', async () => {
    const share = oneFlight<string>()
    void share('key', context, 20, () => new Promise(() => {}))
    vi.setSystemTime(Date.now() + 21)
    expect(await share('key', context, 20, async () => 'yes')).toBe('yes')
  })
})

describe('a herd', () => {
  it('of 200 requests for one cold page costs one database call', async () => {
    await resetCatalogue([{}])
    const { fetch } = await startIsolate()
    const network = spyOnNetwork()
    const url = `${newHost()}/assets`
    const responses = await Promise.all(Array.from({ length: 200 }, () => fetch(url)))
    expect(network).toHaveBeenCalledTimes(1)
    const bodies = new Set(await Promise.all(responses.map((response) => response.text())))
    expect(bodies.size).toBe(1)
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200]))
  })

  it('of requests for different pages does not share', async () => {
    await resetCatalogue([{}, {}])
    const { fetch } = await startIsolate()
    const host = newHost()
    const [one, two] = await Promise.all([
      fetch(`${host}/assets?page[size]=1`),
      fetch(`${host}/assets?page[size]=1&page[number]=2`),
    ])
    expect(await one?.text()).not.toBe(await two?.text())
  })
})
