/** A damaged or failing cache costs speed, but never causes an error or a wrong answer. */

import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { passDays } from '../../harness/clock.ts'
import {
  cacheStatus,
  type Damage,
  type StoredResponse,
  startDataCenter,
} from '../../harness/data-center.ts'
import { controlDatabase } from '../../harness/database-switch.ts'
import { collectLogs, newHost, resetCatalog, startIsolate } from '../../harness/worker.ts'

const ID = 'b4695157-0d1d-4da0-8f9e-5c53149389e4'

type Isolate = Awaited<ReturnType<typeof startIsolate>>

let database: ReturnType<typeof controlDatabase>
let dataCenter: ReturnType<typeof startDataCenter>
let storing: Isolate
let reading: Isolate
let now = Date.now()
let host: string

beforeAll(async () => {
  await resetCatalog([
    { asset_id: ID, asset_type: 'COG' },
    { created_on: '2020-01-02T03:04:05Z' },
    { created_on: '2021-01-02T03:04:05Z' },
  ])
  storing = await startIsolate()
  reading = await startIsolate()
})

beforeEach(() => {
  vi.setSystemTime(now)
  passDays()
  host = newHost()
  database = controlDatabase()
  dataCenter = startDataCenter()
})

afterEach(() => {
  now = Date.now()
  vi.restoreAllMocks()
})

/** Damages only the stored answers, or only the other records. */
function only(kind: 'answers' | 'records', damage: Damage): Damage {
  return async (copy) => {
    const text = await new Response(copy.body).text()
    const isAnswer = text.includes('"data":') || text.includes('"tilejson":')
    return isAnswer === (kind === 'answers') ? damage(copy) : copy
  }
}

function withBody(body: string): Damage {
  return (copy) => ({ ...copy, body })
}

/** Replaces all headers that the Worker added. */
function withHeaders(value: string | undefined): Damage {
  return (copy) => {
    const headers = new Headers(copy.headers)
    for (const name of [...headers.keys()]) {
      if (name === 'cache-control' || name === 'content-type') continue
      if (value === undefined) headers.delete(name)
      else headers.set(name, value)
    }
    return { ...copy, headers }
  }
}

function breaking(copy: StoredResponse): StoredResponse {
  const body = new ReadableStream({
    pull(controller) {
      controller.error(new Error('connection reset'))
    },
  })
  return { ...copy, body }
}

/** Returns the first copy that it sees for every key but its own. */
function copyOfAnother(): Damage {
  const copies: StoredResponse[] = []
  return (copy) => {
    copies.push(copy)
    return copies.find((other) => other.body !== copy.body) ?? { ...copy, status: 404 }
  }
}

const FUTURE = 8e15
const DAMAGES: [name: string, damage: Damage][] = [
  ['all bodies break', breaking],
  ['the bodies of answers break', only('answers', breaking)],
  ['the bodies of records break', only('records', breaking)],
  ['answers lost their headers', only('answers', withHeaders(undefined))],
  ...['', 'nonsense', '{', 'null', '[]', '{}', '"x"', '5', '{"etag":5,"link":{}}'].map(
    (value): [string, Damage] => [
      `the headers of answers are ${value || 'empty'}`,
      only('answers', withHeaders(value)),
    ],
  ),
  ...[
    '',
    'nonsense',
    '{',
    'null',
    '[]',
    '{}',
    '"x"',
    '5',
    '-1',
    JSON.stringify({ revision: 5, checkedAt: 1 }),
    JSON.stringify({ revision: '../x', checkedAt: FUTURE }),
  ].map((body): [string, Damage] => [
    `records are ${body || 'empty'}`,
    only('records', withBody(body)),
  ]),
  ...[404, 500, 503].map((status): [string, Damage] => [
    `all have the status ${status}`,
    (copy) => ({ ...copy, status }),
  ]),
  [
    'all are an HTML page',
    (copy) => ({ ...copy, headers: new Headers(), body: '<!doctype html>' }),
  ],
  [
    'match rejects',
    () => {
      throw new Error('cache is broken')
    },
  ],
  ['all are the copy of another page', copyOfAnother()],
  ['match never resolves', () => new Promise(() => {})],
  [
    'no body ends',
    (copy) => ({ ...copy, body: new ReadableStream({ pull: () => new Promise(() => {}) }) }),
  ],
]

/** When the first is read, the isolate has no data of its listing. */
const PATHS = [
  '/assets?page[size]=1&page[number]=3',
  '/assets?page[size]=2',
  '/assets?page[size]=2&page[number]=2',
  '/datasets',
  `/asset/${ID}`,
]

/** `Cache-Status`, and database calls. */
const HIT = ['assets; hit; ttl=60', 'none']
const MISS = ['assets; fwd=uri-miss; stored', '1 in front']

describe.each(DAMAGES)('if %s', (name, damage) => {
  it('pages are read again and are correct', async () => {
    const answers = []
    for (const path of PATHS) answers.push(await storing.fetch(host + path))
    dataCenter.damageBy(damage)
    for (const [n, path] of PATHS.entries()) {
      const { response, calls } = await database.ask(reading, host + path)
      // Without records in the data center, an isolate without a revision finds no answer.
      const expected = n > 0 && name.includes('records') ? HIT : MISS
      expect([path, cacheStatus(response), calls]).toEqual([path, ...expected])
      await expectSame(response, answers[n])
    }
  })

  it('pages are a 503 while the database is down', async () => {
    for (const path of PATHS) await storing.fetch(host + path)
    dataCenter.damageBy(damage)
    database.state = 'unreachable'
    for (const path of PATHS) {
      const { response } = await database.ask(reading, host + path)
      expect([path, response.status, await response.json()]).toEqual([
        path,
        503,
        { detail: 'Service Unavailable' },
      ])
    }
  })
})

async function expectSame(response: Response, stored: Response | undefined): Promise<void> {
  const parts = async (answer: Response) => ({
    status: answer.status,
    body: await answer.json(),
    etag: answer.headers.get('ETag'),
    link: answer.headers.get('Link'),
  })
  if (!stored) throw new Error('nothing to compare with')
  expect(await parts(response)).toEqual({ ...(await parts(stored)), status: 200 })
}

it('requests are answered if put never ends', async () => {
  const log = collectLogs()
  dataCenter.hold(1)
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] })
  const { response, settled } = await reading.request(`${host}/assets`)
  expect(response.status).toBe(200)
  // Both puts wait for their time limit, or one has ended.
  await scheduler.wait(100)
  vi.advanceTimersByTime(4999)
  expect(log.of('edge cache put failed')).toEqual([])
  vi.advanceTimersByTime(1)
  await settled
  expect(log.of('edge cache put failed')).toEqual([
    { level: 'warn', message: 'edge cache put failed', error: 'DeadlineError' },
  ])
})

describe.each(['match', 'put'] as const)('if %s of the cache rejects', (operation) => {
  it('requests are answered and the failure is logged', async () => {
    const log = collectLogs()
    vi.spyOn(caches.default, operation).mockRejectedValue(new Error('cache is broken'))
    vi.spyOn(caches, 'open').mockImplementation(async () => caches.default)
    const answers = []
    for (let n = 0; n < 2; n++) answers.push(await reading.fetch(`${host}/assets`))
    expect(answers.map(({ status }) => status)).toEqual([200, 200])
    const bodies = await Promise.all(answers.map((answer) => answer.text()))
    expect(bodies[1]).toBe(bodies[0])
    const lines = log.of(`edge cache ${operation} failed`)
    expect(lines.at(0)).toEqual({
      level: 'warn',
      message: `edge cache ${operation} failed`,
      error: 'Error',
    })
  })
})
