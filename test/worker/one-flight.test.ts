/** Concurrent requests to an isolate for the same page share a database call. */

import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { passDays, passSeconds } from '../harness/clock.ts'
import { cacheStatus, startDataCenter } from '../harness/data-center.ts'
import { controlDatabase, type DatabaseState } from '../harness/database-switch.ts'
import { type Answer, newHost, resetCatalog, startIsolate } from '../harness/worker.ts'

const HERD = 30

type Isolate = Awaited<ReturnType<typeof startIsolate>>

let isolate: Isolate
let database: ReturnType<typeof controlDatabase>
let admitted = 0
let now = Date.now()
let host: string

beforeAll(async () => {
  await resetCatalog([{}, {}])
  isolate = await startIsolate({
    DATABASE_TIMEOUT_MS: 5000,
    RATE_LIMITER: {
      async limit() {
        admitted++
        return { success: true }
      },
    },
  })
})

beforeEach(() => {
  vi.setSystemTime(now)
  passDays()
  host = newHost()
  startDataCenter()
  database = controlDatabase()
})

afterEach(() => {
  now = Date.now()
  vi.restoreAllMocks()
})

/** `vi.waitUntil` would move the clock. */
async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await scheduler.wait(1)
}

/** Sends all requests, and returns when each waits for the database. */
async function askAtOnce(urls: string[]): Promise<Promise<Answer>[]> {
  admitted = 0
  database.hold()
  const answers = urls.map((url) => isolate.request(url))
  await until(() => admitted === urls.length)
  await database.called
  await scheduler.wait(20)
  return answers
}

async function outcomes(answers: Promise<Answer>[]): Promise<unknown[]> {
  const settled = await Promise.all(answers)
  await Promise.all(settled.map(({ settled }) => settled))
  return settled.map(({ response }) => [response.status, cacheStatus(response)])
}

const herd = () => Array.from({ length: HERD }, () => `${host}/assets`)

describe('requests for one cold page', () => {
  it('share one database call', async () => {
    const before = database.calls
    const answers = await askAtOnce(herd())
    expect(database.calls - before).toBe(1)
    database.release()
    expect(await outcomes(answers)).toEqual(Array(HERD).fill([200, 'assets; fwd=uri-miss; stored']))
    const bodies = (await Promise.all(answers)).map(({ response }) => response.text())
    expect(new Set(await Promise.all(bodies)).size).toBe(1)
    expect(database.calls - before).toBe(1)
  })

  it.each<[DatabaseState]>([['statement fails'], ['unreachable'], ['hangs']])(
    'share its failure, which is not stored: %s',
    async (state) => {
      const before = database.calls
      database.state = state
      const answers = await askAtOnce(herd())
      database.release()
      expect(await outcomes(answers)).toEqual(Array(HERD).fill([503, null]))
      expect(database.calls - before).toBe(1)
      database.state = 'answers'
      const { response, calls } = await database.ask(isolate, `${host}/assets`)
      expect([response.status, calls]).toEqual([200, '1 in front'])
    },
  )

  it('share it despite different spellings', async () => {
    const before = database.calls
    const answers = await askAtOnce([
      `${host}/assets?page[size]=5`,
      `${host}/assets?page%5Bsize]=05`,
    ])
    database.release()
    expect(await outcomes(answers)).toEqual(Array(2).fill([200, 'assets; fwd=uri-miss; stored']))
    expect(database.calls - before).toBe(1)
  })

  it('repeat a call that has exceeded its time limit', async () => {
    // Lost, as if the runtime dropped the I/O of a finished request.
    const lost = await askAtOnce([`${host}/assets`])
    passSeconds(5.501)
    const before = database.calls
    const next = isolate.request(`${host}/assets`)
    await until(() => database.calls > before)
    database.release()
    expect((await next).response.status).toBe(200)
    expect((await Promise.all(lost)).map(({ response }) => response.status)).toEqual([200])
  })
})

describe('requests for different pages', () => {
  it('cost a database call each', async () => {
    const before = database.calls
    const elsewhere = newHost()
    const urls = [
      `${host}/assets`,
      `${host}/assets?page[size]=1`,
      `${host}/assets?page[size]=1&page[number]=2`,
      `${host}/assets?status=saved`,
      `${host}/datasets`,
      `${elsewhere}/assets`,
    ]
    const answers = await askAtOnce(urls)
    await until(() => database.calls - before === urls.length)
    database.release()
    const bodies = await Promise.all(
      answers.map(async (answer) => (await answer).response.json<{ links: { self: string } }>()),
    )
    expect(bodies.map(({ links }) => links.self)).toEqual([
      `${host}/assets?page[number]=1&page[size]=25`,
      `${host}/assets?page[number]=1&page[size]=1`,
      `${host}/assets?page[number]=2&page[size]=1`,
      `${host}/assets?status=saved&page[number]=1&page[size]=25`,
      `${host}/datasets?page[number]=1&page[size]=25`,
      `${elsewhere}/assets?page[number]=1&page[size]=25`,
    ])
    expect(database.calls - before).toBe(urls.length)
  })
})

describe('a request that waits for the call of another', () => {
  it('is a 503 after the time limit if the other never ends', async () => {
    const short = await startIsolate({ DATABASE_TIMEOUT_MS: 50 })
    const before = database.calls
    database.hold()
    // Never answered, as if the runtime had dropped the request.
    void short.request(`${host}/assets`)
    await until(() => database.calls > before)
    const { response } = await short.request(`${host}/assets`)
    expect([response.status, await response.json()]).toEqual([
      503,
      { detail: 'Service Unavailable' },
    ])
    expect(database.calls - before).toBe(1)
  })

  it('has the same limit if that is set as text', async () => {
    // As by `wrangler --var`, .dev.vars or the dashboard.
    const short = await startIsolate({ DATABASE_TIMEOUT_MS: '50' as unknown as number })
    const before = database.calls
    database.hold()
    void short.request(`${host}/assets`)
    await until(() => database.calls > before)
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] })
    let status: number | undefined
    const waiting = short.request(`${host}/assets`).then(({ response }) => {
      status = response.status
    })
    while (vi.getTimerCount() === 0) await scheduler.wait(1)
    // A request may take half a second longer than the call.
    vi.advanceTimersByTime(549)
    await scheduler.wait(20)
    expect(status).toBe(undefined)
    vi.advanceTimersByTime(1)
    await scheduler.wait(20)
    expect(status).toBe(503)
    await waiting
  })
})
