/** Stored pages: limits, background work, sharing. `freshness.test.ts` covers all combinations. */

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
import { collectLogs, newHost, query, resetCatalog, startIsolate } from '../../harness/worker.ts'

const ID = 'b4695157-0d1d-4da0-8f9e-5c53149389e4'
const CSV_ID = '0f0a6bb2-4e3f-4d0e-a6a5-6f0c3a5d9c11'

type Isolate = Awaited<ReturnType<typeof startIsolate>>

let database: ReturnType<typeof controlDatabase>
let dataCenter: ReturnType<typeof startDataCenter>
let isolate: Isolate
let other: Isolate
let host: string
let now = Date.now()
let changes = 0

beforeAll(async () => {
  // Tests start days apart, so that these isolates have no usable data of earlier tests.
  isolate = await startIsolate({ DATABASE_TIMEOUT_MS: 5000 })
  other = await startIsolate()
})

beforeEach(async () => {
  vi.setSystemTime(now)
  passDays()
  host = newHost()
  database = controlDatabase()
  dataCenter = startDataCenter()
  await resetCatalog([
    {
      asset_id: ID,
      asset_type: 'Raster tile cache',
      asset_uri: 'https://tiles.example/0/{z}/{x}/{y}.png',
    },
    { asset_id: CSV_ID, dataset: 'abc', created_on: '2020-01-02T03:04:05Z' },
  ])
})

afterEach(() => {
  now = Date.now()
  vi.restoreAllMocks()
})

async function change(): Promise<void> {
  const uri = `https://tiles.example/${++changes}/{z}/{x}/{y}.png`
  await query('update assets set asset_uri = $1 where asset_id = $2', [uri, ID])
}

async function ask(path: string, by = isolate) {
  return summarize(await database.ask(by, host + path))
}

describe('every kind of page', () => {
  it.each([
    ['/assets'],
    ['/assets?dataset=umd_tree_cover_loss'],
    ['/assets?dataset=umd_tree_cover_loss&version=latest&page[size]=3'],
    ['/assets?asset_uri=s3://none'],
    ['/datasets'],
    [`/asset/${ID}`],
    [`/asset/${ID}/tilejson.json`],
  ])('is stored, checked, read again, and served stale: %s', async (path) => {
    const url = host + path
    const cold = await database.ask(isolate, url)
    expect(cold.calls).toBe('1 in front')
    expect(cacheStatus(cold.response)).toBe(READ.cacheStatus)
    passSeconds(8)
    const warm = await database.ask(isolate, url)
    expect(cacheStatus(warm.response)).toBe('assets; hit; ttl=52')
    expect(await warm.response.text()).toBe(await cold.response.text())
    for (const name of ['ETag', 'Link', 'Content-Type', 'Cache-Control']) {
      expect([name, warm.response.headers.get(name)]).toEqual([
        name,
        cold.response.headers.get(name),
      ])
      expect([name, warm.response.headers.has(name)]).toEqual([name, true])
    }
    passSeconds(3)
    expect(await ask(path)).toEqual(hit(49, '11', '1 behind'))
    expect(await ask(path)).toEqual(hit(60, '0'))
    passSeconds(61)
    expect(await ask(path)).toEqual(READ)
    database.state = 'unreachable'
    passSeconds(3600)
    expect(await ask(path)).toEqual(hit(-3540, '3600', '1 in front'))
    // It learns of the outage from the data center.
    expect(await ask(path, other)).toEqual(hit(-3540, '3600', '1 behind'))
  })
})

describe('the limits', () => {
  it.each([
    [10, hit(50, '10')],
    [10.001, hit(49, '10', '1 behind')],
    [60, hit(0, '60', '1 behind')],
    [60.001, READ],
  ])('of the age of a check, after %d s', async (seconds, expected) => {
    await isolate.fetch(`${host}/assets`)
    passSeconds(seconds)
    expect(await ask('/assets')).toEqual(expected)
  })

  it.each([
    [60, hit(0, '60', '1 behind')],
    [60.001, hit(-1, '60', '1 in front')],
    [86_400, hit(-86_340, '86400', '1 in front')],
    [86_400.001, DOWN],
  ])('of stale pages, after %d s', async (seconds, expected) => {
    await isolate.fetch(`${host}/assets`)
    database.state = 'unreachable'
    passSeconds(seconds)
    expect(await ask('/assets')).toEqual(expected)
  })

  it.each([
    [86_400, hit(-86_340, '86400', '1 in front')],
    [86_400.001, DOWN],
  ])('of pages of the previous revision, last current %d s ago', async (seconds, expected) => {
    await isolate.fetch(`${host}/assets`)
    passSeconds(3600)
    await change()
    await isolate.fetch(`${host}/datasets`)
    database.state = 'unreachable'
    passSeconds(seconds - 3600)
    expect(await ask('/assets')).toEqual(expected)
  })

  it('of pages stored in the data center, which keeps them for 24 hours', async () => {
    await other.fetch(`${host}/assets`)
    passSeconds(86_390)
    await isolate.fetch(`${host}/datasets`)
    passSeconds(9)
    expect(await ask('/assets')).toEqual(hit(51, '9'))
  })
})

describe('background work', () => {
  it.each<[DatabaseState, ReturnType<typeof hit>]>([
    ['answers', hit(60, '0')],
    // The check has just failed; the next one is not due.
    ['statement fails', hit(23, '37')],
    ['unreachable', hit(23, '37')],
  ])('checks the revision if the database %s', async (state, next) => {
    await isolate.fetch(`${host}/assets`)
    passSeconds(37)
    database.state = state
    expect(await ask('/assets')).toEqual(hit(23, '37', '1 behind'))
    expect(await ask('/assets')).toEqual(next)
  })

  it('finds a new revision, whose pages are then read', async () => {
    await isolate.fetch(`${host}/assets`)
    passSeconds(11)
    await change()
    expect(await ask('/assets')).toEqual(hit(49, '11', '1 behind'))
    expect(await ask('/assets')).toEqual(READ)
  })

  it('checks once for concurrent requests', async () => {
    await isolate.fetch(`${host}/assets`)
    passSeconds(11)
    database.hold()
    const before = database.calls
    const urls = Array.from({ length: 20 }, () => `${host}/assets`)
    const answers = await Promise.all(urls.map((url) => isolate.request(url)))
    expect(answers.map(({ response }) => cacheStatus(response))).toEqual(
      urls.map(() => 'assets; hit; ttl=49'),
    )
    await database.called
    database.release()
    await Promise.all(answers.map(({ settled }) => settled))
    expect(database.calls - before).toBe(1)
  })

  it('stores the age of a slow call from its start', async () => {
    database.hold()
    const slow = isolate.request(`${host}/assets`)
    await database.called
    passSeconds(4)
    database.release()
    const { response, settled } = await slow
    expect([cacheStatus(response), response.headers.get('Age')]).toEqual([READ.cacheStatus, '4'])
    await settled
    expect(await ask('/assets')).toEqual(hit(56, '4'))
    expect(await ask('/assets', other)).toEqual(hit(56, '4'))
  })

  it('stores the age of a slow check from its start', async () => {
    await isolate.fetch(`${host}/assets`)
    passSeconds(30)
    database.hold()
    const { settled } = await isolate.request(`${host}/assets`)
    await database.called
    passSeconds(4)
    database.release()
    await settled
    expect(await ask('/assets')).toEqual(hit(56, '4'))
  })

  it('has stored everything when it settles', async () => {
    const { settled } = await isolate.request(`${host}/assets`)
    await settled
    dataCenter.freeze()
    expect(await ask('/assets', other)).toEqual(hit(60, '0'))
  })

  it.each([1, 2])('settles after put number %i', async (put) => {
    const release = dataCenter.hold(put)
    const { settled } = await isolate.request(`${host}/assets`)
    const order: string[] = []
    const ended = settled.then(() => order.push('settled'))
    // Longer than everything except the held `put` takes.
    await scheduler.wait(100)
    order.push('released')
    release()
    await ended
    expect(order).toEqual(['released', 'settled'])
  })

  it('stores after the response', async () => {
    const { response, settled } = await isolate.request(`${host}/assets`)
    expect([response.status, dataCenter.puts]).toEqual([200, 0])
    await settled
    expect(dataCenter.puts).toBeGreaterThan(0)
  })
})

describe('a data center', () => {
  it('shares what one isolate has checked', async () => {
    await isolate.fetch(`${host}/assets`)
    await other.fetch(`${host}/assets`)
    passSeconds(40)
    expect(await ask('/assets')).toEqual(hit(20, '40', '1 behind'))
    passSeconds(40)
    // Its own check is 80 s old, the data center's 40 s.
    expect(await ask('/assets', other)).toEqual(hit(20, '40', '1 behind'))
  })

  it('shares a new revision, and the pages read since', async () => {
    await isolate.fetch(`${host}/assets`)
    await other.fetch(`${host}/assets`)
    await change()
    passSeconds(15)
    expect(await ask('/assets')).toEqual(hit(45, '15', '1 behind'))
    expect(await ask('/assets')).toEqual(READ)
    expect(await ask('/assets', other)).toEqual(hit(45, '15'))
    expect(await ask('/assets', other)).toEqual(hit(60, '0'))
  })

  it('keeps the revision for as long as pages may be stale', async () => {
    await isolate.fetch(`${host}/assets`)
    database.state = 'unreachable'
    passSeconds(86_399)
    expect(await ask('/assets', other)).toEqual(hit(-86_339, '86399', '1 in front'))
  })

  it.each([
    ['its clock is up to 1 s ahead', 1, hit(60, '0')],
    ['it is dated in the future', 600, READ],
  ])('shares a revision unless it is dated in the future: %s', async (_, seconds, expected) => {
    passSeconds(seconds)
    await other.fetch(`${host}/assets`)
    passSeconds(-seconds)
    expect(await ask('/assets')).toEqual(expected)
  })

  it('does not replace a newer check of an isolate', async () => {
    await other.fetch(`${host}/assets`)
    dataCenter.freeze()
    passSeconds(61)
    await isolate.fetch(`${host}/assets`)
    passSeconds(37)
    database.state = 'unreachable'
    // The background check only finds the data center's revision of 98 s ago.
    expect(await ask('/assets')).toEqual(hit(23, '37', '1 behind'))
    expect(await ask('/assets')).toEqual(hit(23, '37'))
  })

  it('can lose everything at any time', async () => {
    await other.fetch(`${host}/assets`)
    dataCenter.clear()
    expect(await ask('/assets')).toEqual(READ)
  })

  it('is read once before a call, and never for a page in memory', async () => {
    await isolate.fetch(`${host}/datasets`)
    const lookups = dataCenter.lookups
    expect(await ask('/assets')).toEqual(READ)
    expect(dataCenter.lookups - lookups).toBe(1)
    expect(await ask('/assets')).toEqual(hit(60, '0'))
    expect(dataCenter.lookups - lookups).toBe(1)
  })

  it('is asked at once for the page and its revision if an isolate knows neither', async () => {
    await other.fetch(`${host}/assets`)
    const log = collectLogs()
    const lookups = dataCenter.lookups
    const release = dataCenter.holdLookups()
    const asking = isolate.request(`${host}/assets`)
    while (dataCenter.lookups - lookups < 2) await scheduler.wait(1)
    release()
    expect(cacheStatus((await asking).response)).toBe('assets; hit; ttl=60')
    // Neither look was given up.
    expect(log.of('edge cache match failed')).toEqual([])
  })

  it('is not read without a valid token', async () => {
    await isolate.fetch(`${host}/assets`)
    const lookups = dataCenter.lookups
    for (const Authorization of ['', 'Bearer x', 'Bearer a.b.c']) {
      const response = await isolate.fetch(`${host}/assets`, { headers: { Authorization } })
      expect(response.status).toBe(401)
    }
    expect(dataCenter.lookups).toBe(lookups)
  })
})

describe('a cache entry', () => {
  it.each([
    '/assets?page%5Bsize%5D=5&version=v1.8&dataset=umd_tree_cover_loss',
    '/assets?dataset=xyz&dataset=umd_tree_cover_loss&version=1.8&page[size]=+005&utm_source=a',
    '/assets?dataset=umd%5Ftree_cover_loss&version=v1.8&page[size]=5&page[number]=1&nocache=1',
    '/%61ssets?dataset=umd_tree_cover_loss&version=v1.8&page[size]=5',
  ])('is shared by all spellings: %s', async (spelling) => {
    const path = '/assets?dataset=umd_tree_cover_loss&version=v1.8&page[size]=5'
    const first = await isolate.fetch(host + path)
    const { response, calls } = await database.ask(isolate, host + spelling)
    expect([cacheStatus(response), calls]).toEqual(['assets; hit; ttl=60', 'none'])
    expect(await response.text()).toBe(await first.text())
  })

  it.each([
    '/assets?dataset=abc',
    '/assets?version=v1.8',
    '/assets?version=latest',
    '/assets?asset_type=COG',
    '/assets?asset_uri=s3://one',
    '/assets?is_latest=true',
    '/assets?is_latest=false',
    '/assets?is_default=true',
    '/assets?is_default=false',
    '/assets?status=saved',
    '/assets?page[size]=1&page[number]=2',
    '/assets?page[size]=24',
    '/datasets',
    `/asset/${ID}`,
  ])('is not shared with another query: %s', async (path) => {
    await isolate.fetch(`${host}/assets`)
    await isolate.fetch(`${host}/assets?page[size]=1`)
    expect(await ask(path)).toEqual(READ)
  })

  it('belongs to one query, even if cache rules of the zone ignore queries', async () => {
    dataCenter.ignoreQueries()
    const paths = ['/assets', '/assets?status=saved', '/assets?page[size]=1', '/datasets']
    for (const path of paths) expect([path, await ask(path)]).toEqual([path, READ])
    for (const path of paths) expect([path, await ask(path, other)]).toEqual([path, hit(60, '0')])
  })

  it('belongs to one host, which its links name', async () => {
    await isolate.fetch(`${host}/assets`)
    host = newHost()
    const { response } = await database.ask(isolate, `${host}/assets`)
    expect(cacheStatus(response)).toBe(READ.cacheStatus)
    const { links } = await response.json<{ links: { self: string } }>()
    expect(links.self).toBe(`${host}/assets?page[number]=1&page[size]=25`)
  })

  it.each([
    '/assets?page[size]=0',
    '/assets?page[number]=9',
    '/asset/00000000-0000-4000-8000-000000000000',
    `/asset/${CSV_ID}/tilejson.json`,
    '/nowhere',
  ])('is never an error: %s', async (path) => {
    const first = await isolate.fetch(host + path)
    expect(first.ok).toBe(false)
    dataCenter.freeze()
    const again = await other.fetch(host + path)
    const error = await first.json<{ detail: unknown }>()
    expect(Object.keys(error)).toEqual(['detail'])
    expect([again.status, await again.json()]).toEqual([first.status, error])
    expect(cacheStatus(again)).toBe(null)
  })
})

describe('a removed asset', () => {
  it.each([
    [`/asset/${ID}`, 404, `Could not find requested asset ${ID}`],
    [`/asset/${ID}/tilejson.json`, 404, `Could not find requested asset ${ID}`],
    [
      '/assets?page[number]=2&page[size]=1',
      422,
      [
        {
          loc: ['query', 'page[number]'],
          msg: 'Page number 2 is larger than the total page count: 1',
          type: 'value_error.page',
        },
      ],
    ],
  ])('is not shown stale: %s', async (path, status, detail) => {
    expect((await isolate.fetch(host + path)).status).toBe(200)
    await query('delete from assets where asset_id = $1', [ID])
    passSeconds(61)
    const { response, calls } = await database.ask(isolate, host + path)
    expect([response.status, await response.json(), calls]).toEqual([
      status,
      { detail },
      '1 in front',
    ])
  })

  it('is a 409 once the tile cache has failed', async () => {
    const path = `/asset/${ID}/tilejson.json`
    expect((await isolate.fetch(host + path)).status).toBe(200)
    await query("update assets set status = 'failed' where asset_id = $1", [ID])
    passSeconds(61)
    expect((await isolate.fetch(host + path)).status).toBe(409)
  })
})

describe('a Worker with a maximum age below its time limit', () => {
  const startBrief = () =>
    startIsolate({
      DATABASE_TIMEOUT_MS: 5000,
      REVISION_FRESH_SECONDS: 1,
      REVISION_MAX_AGE_SECONDS: 4,
    })

  it('checks again as soon as the last check is too old', async () => {
    const brief = await startBrief()
    await brief.fetch(`${host}/assets`)
    for (const _ of [1, 2, 3]) {
      passSeconds(2)
      expect(await ask('/assets', brief)).toEqual(hit(2, '2', '1 behind'))
    }
  })

  it('reads expired pages once a call succeeds after an outage', async () => {
    const brief = await startBrief()
    await brief.fetch(`${host}/assets`)
    passSeconds(5)
    database.state = 'unreachable'
    expect(await ask('/datasets', brief)).toEqual(DOWN)
    database.state = 'answers'
    expect(await ask('/datasets', brief)).toEqual(READ)
    passSeconds(5)
    expect(await ask('/assets', brief)).toEqual(READ)
  })
})

describe('a page of the previous revision', () => {
  it('is served after any number of checks of the current revision', async () => {
    await isolate.fetch(`${host}/assets`)
    await change()
    passSeconds(61)
    expect(await ask('/datasets')).toEqual(READ)
    for (const _ of [1, 2, 3]) {
      passSeconds(20)
      expect(await ask('/datasets')).toEqual(hit(40, '20', '1 behind'))
    }
    database.state = 'unreachable'
    expect(await ask('/assets')).toEqual(hit(-61, '121', '1 in front'))
  })
})

describe('a new deployment', () => {
  const VERSION = { id: 'first', tag: '', timestamp: '' }
  const another = { ...VERSION, id: 'second' }

  it.each([
    [
      'serves pages that the same code has stored',
      { CODE_VERSION: 'a' },
      { CODE_VERSION: 'a' },
      hit(60, '0'),
    ],
    ['does not serve those of other code', { CODE_VERSION: 'a' }, { CODE_VERSION: 'b' }, READ],
    ['does not serve those of unknown code', { CODE_VERSION: '' }, { CODE_VERSION: '' }, READ],
  ])('%s', async (_, before, after, answer) => {
    await (await startIsolate({ VERSION, ...before })).fetch(`${host}/assets`)
    const isolate = await startIsolate({ VERSION: another, ...after })
    expect(await ask('/assets', isolate)).toEqual(answer)
  })
})
