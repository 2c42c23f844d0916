/** Requests while the database cannot be reached, or while that is not known. */

import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { passDays, passSeconds } from '../../harness/clock.ts'
import {
  cacheStatus,
  DOWN,
  hit,
  READ,
  startDataCenter,
  summarize,
} from '../../harness/data-center.ts'
import { controlDatabase, type DatabaseState } from '../../harness/database-switch.ts'
import { newHost, query, resetCatalog, spyOnNetwork, startIsolate } from '../../harness/worker.ts'

const ID = 'b4695157-0d1d-4da0-8f9e-5c53149389e4'

type Isolate = Awaited<ReturnType<typeof startIsolate>>

let database: ReturnType<typeof controlDatabase>
let isolate: Isolate
let other: Isolate
let host: string
let now = Date.now()
let changes = 0
/** Requests that have passed the rate limit. */
let admitted = 0
/** Of pages that have not been read. */
let sizes = 100

const limiter: RateLimit = {
  async limit() {
    admitted++
    return { success: true }
  },
}

beforeAll(async () => {
  await resetCatalog([{ asset_id: ID }])
  // Tests start days apart, so that these isolates have no usable data of earlier tests.
  isolate = await startIsolate({ DATABASE_TIMEOUT_MS: 5000, RATE_LIMITER: limiter })
  other = await startIsolate({ DATABASE_TIMEOUT_MS: 5000 })
})

beforeEach(() => {
  vi.setSystemTime(now)
  passDays()
  host = newHost()
  database = controlDatabase()
  startDataCenter()
})

afterEach(() => {
  now = Date.now()
  vi.restoreAllMocks()
})

async function change(): Promise<void> {
  await query('update assets set asset_uri = $1 where asset_id = $2', [`s3://${++changes}`, ID])
}

/** The path of a page that was never read. */
const newPath = () => `/assets?page[size]=${++sizes}`

async function ask(path: string, by = isolate) {
  return summarize(await database.ask(by, host + path))
}

/** Requests a page that is not stored while the database fails. */
const failToRead = async (by = isolate) => expect(await ask(newPath(), by)).toEqual(DOWN)

/** Stores a page; 100 s later, another cannot be read. */
async function failAfterStoring(state: DatabaseState = 'unreachable'): Promise<void> {
  await isolate.fetch(`${host}/assets`)
  passSeconds(100)
  database.state = state
  await failToRead()
}

/** Sends all requests while the database hangs; those answered meanwhile are answered at once. */
async function burst(paths: string[], by = isolate) {
  database.hold()
  const before = database.calls
  const early: Response[] = []
  let isReleased = false
  const answers = paths.map(async (path) => {
    const answer = await by.request(host + path)
    if (!isReleased) early.push(answer.response)
    return answer
  })
  await database.called
  while (early.length < paths.length - 1) await scheduler.wait(1)
  await scheduler.wait(20)
  isReleased = true
  const calls = database.calls - before
  database.release()
  const settled = await Promise.all(answers)
  await Promise.all(settled.map((answer) => answer.settled))
  return { early, calls, callsAfterwards: database.calls - before - calls }
}

describe('an outage', () => {
  it.each([
    ['a read', 'unreachable' as const],
    ['a read that times out', 'hangs' as const],
  ])('found by %s does not delay stored pages', async (_, state) => {
    await failAfterStoring(state)
    database.state = 'unreachable'
    database.hold()
    const trying = isolate.request(host + newPath())
    await database.called
    const { calls } = await ask('/assets')
    expect(calls).not.toContain('in front')
    await (await trying).settled
  })

  it('found by a background check does not delay stored pages', async () => {
    await isolate.fetch(`${host}/assets`)
    passSeconds(57)
    database.state = 'unreachable'
    expect(await ask('/assets')).toEqual(hit(3, '57', '1 behind'))
    passSeconds(4)
    database.hold()
    const trying = isolate.request(host + newPath())
    await database.called
    const { cacheStatus, calls } = await ask('/assets')
    expect(cacheStatus).toBe('assets; hit; ttl=-1; detail=database-down')
    expect(calls).not.toContain('in front')
    await (await trying).settled
  })

  it('is not assumed if a statement fails: other pages are read', async () => {
    await failAfterStoring('statement fails')
    database.state = 'answers'
    expect(await ask('/assets')).toEqual(READ)
  })

  it('ends for all pages when one call succeeds', async () => {
    await isolate.fetch(`${host}/assets`)
    await isolate.fetch(`${host}/datasets`)
    await change()
    passSeconds(100)
    database.state = 'unreachable'
    await failToRead()
    database.state = 'answers'
    expect(await ask(newPath())).toEqual(READ)
    expect(await ask('/assets')).toEqual(READ)
    expect(await ask('/datasets')).toEqual(READ)
  })

  it('ends when a request for a stale page finds the database back', async () => {
    await isolate.fetch(`${host}/assets`)
    await change()
    passSeconds(100)
    database.state = 'unreachable'
    await failToRead()
    database.state = 'answers'
    await ask('/assets')
    const { status, cacheStatus: shown } = await ask('/assets')
    expect([status, shown]).toEqual([200, expect.not.stringContaining('database-down')])
  })

  it.each([
    [4.999, hit(-45, '104', '1 behind')],
    [5, READ],
  ])('is remembered for 5 s: a page asked for after %d s', async (seconds, expected) => {
    await failAfterStoring()
    database.state = 'answers'
    passSeconds(seconds)
    expect(await ask('/assets')).toEqual(expected)
  })

  it('is retried by one request at a time', async () => {
    await failAfterStoring()
    database.hold()
    const before = database.calls
    const trying = isolate.request(host + newPath())
    await database.called
    const urls = Array.from({ length: 50 }, () => `${host}/assets`)
    const answers = await Promise.all(urls.map((url) => isolate.request(url)))
    expect(new Set(answers.map(({ response }) => cacheStatus(response)))).toEqual(
      new Set(['assets; hit; ttl=-40; detail=database-down']),
    )
    database.release()
    await Promise.all([...answers, await trying].map(({ settled }) => settled))
    expect(database.calls - before).toBeLessThanOrEqual(2)
  })

  it('costs concurrent requests one call, and all are served', async () => {
    await isolate.fetch(`${host}/assets`)
    passSeconds(100)
    database.state = 'hangs'
    database.hold()
    const before = database.calls
    const urls = Array.from({ length: 20 }, () => `${host}/assets`)
    admitted = 0
    const answers = urls.map((url) => isolate.fetch(url))
    await database.called
    // Not `vi.waitUntil`, which moves the clock.
    while (admitted < urls.length) await scheduler.wait(1)
    await scheduler.wait(20)
    database.release()
    const shown = (await Promise.all(answers)).map(cacheStatus)
    expect(shown).toEqual(urls.map(() => 'assets; hit; ttl=-45; detail=database-down'))
    expect(database.calls - before).toBe(1)
  })

  it('is tried by one of 50 requests for pages never read; the others are a 503 at once', async () => {
    await isolate.fetch(`${host}/assets`)
    database.state = 'unreachable'
    await failToRead()
    database.state = 'hangs'
    for (const _ of ['after the failure', 'after one time limit', 'after another']) {
      const { early, ...calls } = await burst(Array.from({ length: 50 }, newPath))
      expect(calls).toEqual({ calls: 1, callsAfterwards: 0 })
      expect(early).toHaveLength(49)
      const details = early.map(({ status, headers }) => [status, headers.get('Retry-After')])
      expect(new Set(details.map(String))).toEqual(new Set(['503,5']))
    }
    database.state = 'answers'
    expect(await ask(newPath())).toEqual(READ)
    const urls = Array.from({ length: 20 }, () => host + newPath())
    const answers = await Promise.all(urls.map((url) => isolate.fetch(url)))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
  })

  it('lasts for as long as a call tries to end it', async () => {
    database.state = 'unreachable'
    await failToRead()
    passSeconds(4.999)
    database.hold()
    const trying = isolate.request(host + newPath())
    await database.called
    passSeconds(5)
    expect((await isolate.fetch(host + newPath())).status).toBe(503)
    const before = database.calls
    // The call is past its time limit: its request may have been canceled.
    passSeconds(0.501)
    const next = isolate.request(host + newPath())
    while (database.calls === before) await scheduler.wait(1)
    database.release()
    await (await trying).settled
    await (await next).settled
  })

  it('is tried behind a stale page, at most once a second', async () => {
    await failAfterStoring()
    expect(await ask('/assets')).toEqual(hit(-40, '100', '1 behind'))
    passSeconds(0.999)
    expect(await ask('/assets')).toEqual(hit(-41, '100'))
    passSeconds(0.001)
    expect(await ask('/assets')).toEqual(hit(-41, '101', '1 behind'))
    // Failures behind stale pages prolong it.
    passSeconds(4.999)
    expect(await ask('/assets')).toEqual(hit(-46, '105', '1 behind'))
  })

  it('ends when Postgres refuses a statement', async () => {
    await failAfterStoring()
    database.state = 'statement fails'
    await failToRead()
    database.state = 'answers'
    expect(await ask('/assets')).toEqual(READ)
  })

  it('is not assumed if something else answers', async () => {
    await isolate.fetch(`${host}/assets`)
    passSeconds(100)
    vi.mocked(globalThis.fetch).mockImplementation(async () => new Response('<html>'))
    expect((await isolate.fetch(host + newPath())).status).toBe(503)
    database = controlDatabase()
    expect(await ask('/assets')).toEqual(READ)
  })

  it.each([
    ['unknown', -600, READ],
    ['known', -0.5, hit(-40, '99', '1 behind')],
  ])('is %s once the clock is set back by %d s', async (_, seconds, expected) => {
    await failAfterStoring()
    database.state = 'answers'
    passSeconds(seconds)
    expect(await ask('/assets')).toEqual(expected)
  })
})

describe('the isolates of a data center', () => {
  it('know of an outage that one of them has found', async () => {
    await isolate.fetch(`${host}/assets`)
    await other.fetch(`${host}/datasets`)
    passSeconds(100)
    database.state = 'unreachable'
    await failToRead()
    database.state = 'hangs'
    const { early, ...calls } = await burst(Array.from({ length: 9 }, newPath), other)
    expect(calls).toEqual({ calls: 1, callsAfterwards: 0 })
    expect(early.map(({ status }) => status)).toEqual(Array(8).fill(503))
    // A page that is not in its memory.
    expect(await ask('/assets', other)).toEqual(hit(-45, '105', '1 behind'))
  })

  it('know that it is over once one of them was answered', async () => {
    await isolate.fetch(`${host}/assets`)
    passSeconds(100)
    database.state = 'unreachable'
    await failToRead(other)
    database.state = 'answers'
    expect(await ask(newPath(), other)).toEqual(READ)
    const third = await startIsolate()
    const urls = Array.from({ length: 20 }, () => host + newPath())
    const answers = await Promise.all(urls.map((url) => third.fetch(url)))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
  })

  it('do not believe in an outage of the future', async () => {
    await isolate.fetch(`${host}/assets`)
    passSeconds(700)
    database.state = 'unreachable'
    await failToRead(other)
    passSeconds(-600)
    database.state = 'answers'
    expect(await ask('/assets')).toEqual(READ)
  })
})

describe('a call that times out', () => {
  it('leaves it to the next request to try, even if that has a stale page', async () => {
    await failAfterStoring('hangs')
    database.state = 'answers'
    expect(await ask('/assets')).toEqual(READ)
  })

  it('leaves only one request waiting', async () => {
    await failAfterStoring('hangs')
    const { early, ...calls } = await burst([newPath(), ...Array(10).fill('/assets'), newPath()])
    expect(calls).toEqual({ calls: 1, callsAfterwards: 0 })
    expect(early.map(({ status }) => status).sort()).toEqual([...Array(10).fill(200), 503])
  })

  it('is an outage if the next one does too', async () => {
    await failAfterStoring('hangs')
    await failToRead()
    expect(await ask('/assets')).toEqual(hit(-50, '110', '1 behind'))
  })

  it('says nothing of the database if another was answered meanwhile', async () => {
    await isolate.fetch(`${host}/assets`)
    passSeconds(100)
    const slow = Promise.withResolvers<void>()
    const passOn = vi.mocked(globalThis.fetch).getMockImplementation()
    let isCalled = false
    spyOnNetwork().mockImplementation(async (input, init) => {
      if (!`${init?.body}`.includes('"pending"')) return passOn?.(input, init) ?? Response.error()
      isCalled = true
      await slow.promise
      throw new DOMException('', 'TimeoutError')
    })
    const waiting = isolate.fetch(`${host}/assets?status=pending`)
    while (!isCalled) await scheduler.wait(1)
    passSeconds(1)
    expect((await isolate.fetch(host + newPath())).status).toBe(200)
    passSeconds(4)
    slow.resolve()
    expect((await waiting).status).toBe(503)
    const urls = Array.from({ length: 10 }, () => host + newPath())
    const answers = await Promise.all(urls.map((url) => isolate.fetch(url)))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
  })

  it('counts if the calls that ended while it waited timed out too', async () => {
    await isolate.fetch(`${host}/assets`)
    passSeconds(100)
    const network = vi.mocked(globalThis.fetch)
    const passOn = network.getMockImplementation()
    const timeouts: (() => void)[] = []
    network.mockImplementation(async () => {
      const { promise, reject } = Promise.withResolvers<Response>()
      timeouts.push(() => reject(new DOMException('', 'TimeoutError')))
      return await promise
    })
    const hanging = async (count: number) => {
      const answer = isolate.fetch(host + newPath())
      while (timeouts.length < count) await scheduler.wait(1)
      return { answer }
    }
    const first = await hanging(1)
    passSeconds(1)
    network.mockImplementationOnce(async (input, init) => passOn?.(input, init) ?? Response.error())
    expect((await isolate.fetch(host + newPath())).status).toBe(200)
    passSeconds(1)
    const second = await hanging(2)
    passSeconds(3)
    timeouts[0]?.()
    expect((await first.answer).status).toBe(503)
    passSeconds(2)
    timeouts[1]?.()
    expect((await second.answer).status).toBe(503)
    database.state = 'hangs'
    network.mockImplementation(async (input, init) => passOn?.(input, init) ?? Response.error())
    const { early, ...calls } = await burst([newPath(), ...Array(10).fill('/assets'), newPath()])
    expect(calls).toEqual({ calls: 1, callsAfterwards: 0 })
    expect(early.map(({ status }) => status).sort()).toEqual([...Array(10).fill(200), 503])
  })
})
