/** A change costs only the pages it changed: each dataset has a revision, and the catalog has one. */

import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { passDays, passSeconds } from '../../harness/clock.ts'
import { cacheStatus, startDataCenter } from '../../harness/data-center.ts'
import { controlDatabase } from '../../harness/database-switch.ts'
import { insertAssets, newHost, query, resetCatalog, startIsolate } from '../../harness/worker.ts'

const ID = 'b4695157-0d1d-4da0-8f9e-5c53149389e4'
const TILES = {
  asset_type: 'Raster tile cache',
  asset_uri: 'https://other.example/{z}/{x}/{y}.png',
}
const OF_CHANGED = [
  '/assets?dataset=changed',
  '/assets?dataset=changed&status=saved',
  '/dataset/changed',
  '/dataset/changed/v1.8',
  '/dataset/changed/v1.8/assets',
  '/dataset/changed/v1.8/tilejson.json',
]
const OF_OTHERS = [
  '/assets?dataset=other',
  '/assets?dataset=other&version=latest',
  '/dataset/other',
  '/dataset/other/latest',
  '/dataset/other/latest/assets',
  '/dataset/other/latest/tilejson.json',
]
const OF_CATALOG = ['/assets', '/assets?status=saved', '/datasets', `/asset/${ID}`]

type Isolate = Awaited<ReturnType<typeof startIsolate>>

let database: ReturnType<typeof controlDatabase>
let dataCenter: ReturnType<typeof startDataCenter>
let isolate: Isolate
let second: Isolate
let host: string
let now = Date.now()
let changes = 0

beforeAll(async () => {
  // Tests start days apart, so that these isolates have no usable data of earlier tests.
  isolate = await startIsolate()
  second = await startIsolate()
})

beforeEach(async () => {
  vi.setSystemTime(now)
  passDays()
  host = newHost()
  database = controlDatabase()
  dataCenter = startDataCenter()
  await resetCatalog([
    { ...TILES, dataset: 'changed', asset_uri: 'https://changed.example/{z}/{x}/{y}.png' },
    { ...TILES, dataset: 'other', asset_id: ID, is_latest: true },
  ])
})

afterEach(() => {
  now = Date.now()
  vi.restoreAllMocks()
})

/** The database calls of a request, and the seconds left of its promise if it is a hit. */
async function ask(path: string, by = isolate): Promise<string> {
  const { response, calls } = await database.ask(by, host + path)
  const status = cacheStatus(response)?.replace('assets; ', '')
  return `${response.status} ${status}, ${calls}`
}

async function askAll(paths: string[], by = isolate): Promise<string[]> {
  const answers = []
  for (const path of paths) answers.push(await ask(path, by))
  return answers
}

const HIT = '200 hit; ttl=60, none'
const READ = '200 fwd=uri-miss; stored, 1 in front'

async function change(): Promise<void> {
  await query("update assets set asset_uri = $1 where dataset = 'changed'", [
    `https://changed.example/${++changes}/{z}/{x}/{y}.png`,
  ])
}

describe('a change of a dataset', () => {
  it('costs the pages of that dataset and those of the whole catalog, and no others', async () => {
    await askAll([...OF_CHANGED, ...OF_OTHERS, ...OF_CATALOG])
    passSeconds(11)
    await change()
    expect(await ask('/assets?dataset=other')).toBe('200 hit; ttl=49, 1 behind')
    expect(await askAll(OF_OTHERS)).toEqual(OF_OTHERS.map(() => HIT))
    for (const paths of [OF_CHANGED, OF_CATALOG]) {
      expect(await askAll(paths)).toEqual(paths.map(() => READ))
      expect(await askAll(paths)).toEqual(paths.map(() => HIT))
    }
  })

  it('costs the same in another isolate, which reads none of these pages', async () => {
    const all = [...OF_CHANGED, ...OF_OTHERS, ...OF_CATALOG]
    await askAll(all)
    passSeconds(11)
    await change()
    await askAll(all)
    await askAll(all)
    expect(await askAll(all, second)).toEqual(all.map(() => HIT))
  })

  it('shows at once in pages read after it, even in the millisecond of the last check', async () => {
    await ask('/assets?dataset=changed')
    await change()
    expect(await ask('/assets?dataset=changed&version=v1.8')).toBe(READ)
    expect(await ask('/assets?dataset=changed&version=v1.8')).toBe(HIT)
    expect(await ask('/assets?dataset=changed')).toBe(READ)
  })

  it('shows in pages of a dataset that did not exist before', async () => {
    const paths = ['/assets?dataset=new', '/assets?dataset=none']
    await askAll(paths)
    passSeconds(11)
    await insertAssets([{ dataset: 'new' }])
    await ask('/assets?dataset=new')
    const { response } = await database.ask(isolate, `${host}/assets?dataset=new`)
    expect(await response.json()).toMatchObject({ meta: { total_items: '1' } })
  })

  it('leaves pages of the previous revision, by dataset, for an outage', async () => {
    await askAll([...OF_CHANGED, ...OF_OTHERS])
    await change()
    passSeconds(61)
    // Its revision, not its page.
    await ask('/assets?dataset=changed&status=failed')
    database.state = 'unreachable'
    expect(await ask('/assets?dataset=changed')).toBe(
      '200 hit; ttl=-1; detail=database-down, 1 in front',
    )
    expect(await ask('/assets?dataset=changed', second)).toBe(
      '200 hit; ttl=-1; detail=database-down, 1 behind',
    )
  })
})

describe('one query', () => {
  it('checks all datasets that an isolate uses', async () => {
    const paths = Array.from({ length: 20 }, (_, n) => `/assets?dataset=dataset_${n}`)
    await askAll(['/assets', ...paths])
    passSeconds(30)
    expect(await ask('/assets?dataset=dataset_7')).toBe('200 hit; ttl=30, 1 behind')
    const hits = await askAll(['/assets', ...paths])
    expect(new Set(hits)).toEqual(new Set([HIT]))
    // Another isolate needs no query of its own.
    expect(new Set(await askAll(['/assets', ...paths], second))).toEqual(new Set([HIT]))
  })

  it('checks them for an isolate whose record another has replaced', async () => {
    await ask('/assets?dataset=changed')
    await ask('/assets?dataset=other', second)
    const third = await startIsolate()
    expect(await askAll(['/assets?dataset=changed', '/assets?dataset=other'], third)).toEqual([
      HIT,
      HIT,
    ])
  })
})

describe('an isolate', () => {
  it('keeps the checks of the 500 datasets used last, and so does its data center', async () => {
    const path = (n: number) => `/assets?dataset=dataset_${n}`
    await database.replay(isolate, host + path(0))
    for (let n = 1; n <= 500; n += 20) {
      passSeconds(0.001)
      const some = Array.from({ length: Math.min(20, 501 - n) }, (_, m) => host + path(n + m))
      await Promise.all(some.map((url) => isolate.fetch(url)))
    }
    database = controlDatabase()
    const third = await startIsolate()
    expect(await ask(path(500), third)).toBe(HIT)
    expect(await ask(path(0), third)).toBe(READ)
    dataCenter.clear()
    expect(await ask(path(500))).toBe(HIT)
    expect(await ask(path(1))).toBe('200 hit; ttl=59, none')
    expect(await ask(path(0))).toBe(READ)
  })
})
