/** Compares listings with a model, for each filter and each pair of filters. */

import * as fc from 'fast-check'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { passSeconds } from '../../harness/clock.ts'
import { startDataCenter } from '../../harness/data-center.ts'
import {
  insertSample,
  listing,
  type PageRequest,
  pageOf,
  SAMPLE_ASSETS,
  SAMPLE_SIZE,
  SAMPLE_URI,
  type SampleAsset,
  sampleAsset,
  storeSample,
  urlOf,
} from '../../harness/sample-catalog.ts'
import { collectLogs, newHost, query, spyOnNetwork, startIsolate } from '../../harness/worker.ts'

type Isolate = Awaited<ReturnType<typeof startIsolate>>
type Matches = (asset: SampleAsset) => boolean
type Filter =
  | 'dataset'
  | 'version'
  | 'version=latest'
  | 'asset_type'
  | 'asset_uri'
  | 'is_latest'
  | 'is_default'
  | 'status'

/** Values of each filter, in the spelling and order of links. */
const FILTERS: Record<Filter, Record<string, Matches>> = {
  dataset: {
    'dataset=umd_loss': ({ wire }) => wire.dataset === 'umd_loss',
    'dataset=umd-loss': ({ wire }) => wire.dataset === 'umd-loss',
    'dataset=umd': () => false,
  },
  version: {
    'version=v2': ({ wire }) => wire.version === 'v2',
    'version=v1.10': ({ wire }) => wire.version === 'v1.10',
  },
  'version=latest': { 'version=latest': ({ is_latest }) => is_latest },
  asset_type: {
    'asset_type=COG': ({ wire }) => wire.asset_type === 'COG',
    'asset_type=Raster%20tile%20cache': ({ wire }) => wire.asset_type === 'Raster tile cache',
  },
  asset_uri: {
    [`asset_uri=${encodeURIComponent(SAMPLE_URI)}`]: ({ wire }) => wire.asset_uri === SAMPLE_URI,
  },
  is_latest: {
    'is_latest=true': ({ is_latest }) => is_latest,
    'is_latest=false': ({ is_latest }) => !is_latest,
  },
  is_default: {
    'is_default=true': ({ is_default }) => is_default,
    'is_default=false': ({ is_default }) => !is_default,
  },
  status: {
    'status=saved': ({ wire }) => wire.status === 'saved',
    'status=pending': ({ wire }) => wire.status === 'pending',
    'status=failed': ({ wire }) => wire.status === 'failed',
  },
}

type Listing = { search: string; matches: Matches }

const byFilter: Listing[][] = Object.values(FILTERS).map((values) =>
  Object.entries(values).map(([search, matches]) => ({ search, matches })),
)
const ALL: Listing = { search: '', matches: () => true }
const ALONE = byFilter.flat()
const PAIRS = byFilter.flatMap((values, index) =>
  values.flatMap((one) =>
    byFilter
      .slice(index + 1)
      .flat()
      // A parameter has only one value.
      .filter(({ search }) => search.split('=')[0] !== one.search.split('=')[0])
      .map(
        (other): Listing => ({
          search: `${one.search}&${other.search}`,
          matches: (asset) => one.matches(asset) && other.matches(asset),
        }),
      ),
  ),
)

/** Reads a page without waiting for background work. */
async function read(isolate: Isolate, request: PageRequest): Promise<[number, unknown]> {
  const { response } = await isolate.request(urlOf(request))
  return [response.status, await response.json()]
}

function pageCount(listed: unknown[], size: number): number {
  return Math.max(1, Math.ceil(listed.length / size))
}

it('the sample distinguishes filters: no two match the same assets, and all combinations of flags occur', () => {
  const matched = ALONE.filter(({ search }) => search !== 'dataset=umd').map(
    ({ search, matches }) => ({
      search,
      ids: listing(SAMPLE_ASSETS, matches).map(({ asset_id }) => asset_id),
    }),
  )
  // `version=latest` and `is_latest=true` mean the same.
  expect(new Set(matched.map(({ ids }) => ids.join())).size).toBe(matched.length - 1)
  expect(matched.every(({ ids }) => ids.length > 0 && ids.length < SAMPLE_SIZE)).toBe(true)
  const flags = SAMPLE_ASSETS.map(({ wire, is_latest, is_default }) =>
    [wire.is_managed, wire.is_downloadable, is_latest, is_default].join(),
  )
  expect(new Set(flags).size).toBe(16)
  expect(new Set(SAMPLE_ASSETS.map(({ wire }) => wire.updated_on)).size).toBe(SAMPLE_SIZE)
})

describe('a listing', () => {
  let isolate: Isolate
  let other: Isolate
  const host = newHost()

  beforeAll(async () => {
    await storeSample(SAMPLE_ASSETS)
    isolate = await startIsolate()
    other = await startIsolate()
  })

  /** Reads a page and compares it with the model. */
  async function expectModeled(from: Isolate, { matches }: Listing, request: PageRequest) {
    const listed = listing(SAMPLE_ASSETS, matches)
    expect([request, await read(from, request)]).toEqual([request, pageOf(listed, request)])
  }

  it.each([ALL, ...ALONE])('?$search: each page matches the model', async (filters) => {
    const { search, matches } = filters
    const listed = listing(SAMPLE_ASSETS, matches)
    const size = 3
    const pages = pageCount(listed, size)
    const middle = Math.ceil(pages / 2)
    // On one host, so that stored data of other pages is used.
    for (const number of new Set([1, 2, pages, Math.max(1, pages - 1), pages + 1, middle])) {
      await expectModeled(isolate, filters, { host, search, number, size })
    }
    // Without stored data, and with another isolate's data.
    for (const number of new Set([middle, Math.max(1, pages - 1), pages, pages + 1])) {
      await expectModeled(isolate, filters, { host: newHost(), search, number, size })
    }
    await expectModeled(other, filters, { host, search, number: pageCount(listed, 4), size: 4 })
    await expectModeled(isolate, filters, { host, search, number: 1, size: 1000 })
  })

  it.each(PAIRS)('?$search: first, last and middle pages match the model', async (filters) => {
    const { search, matches } = filters
    const size = 3
    const pages = pageCount(listing(SAMPLE_ASSETS, matches), size)
    for (const number of new Set([1, pages])) {
      await expectModeled(isolate, filters, { host, search, number, size })
    }
    // Without stored data.
    for (const number of new Set([Math.ceil(pages / 2), pages + 1])) {
      await expectModeled(isolate, filters, { host: newHost(), search, number, size })
    }
  })

  it.each([ALL, ...ALONE])(
    '?$search: next and prev visit each asset once',
    async ({ search, matches }) => {
      const ids = listing(SAMPLE_ASSETS, matches).map(({ asset_id }) => asset_id)
      const crawl = async (from: string, direction: 'next' | 'prev') => {
        const visited: string[][] = []
        let last = ''
        for (let url = from; url !== ''; ) {
          const { response } = await isolate.request(url)
          const page = await response.json<{
            data: { asset_id: string }[]
            links: { next: string; prev: string }
          }>()
          visited.push(page.data.map(({ asset_id }) => asset_id))
          last = url
          url = page.links[direction]
        }
        return { visited, last }
      }
      const size = 7
      const forwards = await crawl(urlOf({ host: newHost(), search, number: 1, size }), 'next')
      expect(forwards.visited.flat()).toEqual(ids)
      const onlyBack = forwards.last.replace(/^https:\/\/[^/]+/, newHost())
      const back = await crawl(onlyBack, 'prev')
      expect(back.visited.toReversed()).toEqual(forwards.visited)
    },
  )

  it('contains each asset as in GET /asset/{asset_id}', async () => {
    for (const { wire } of SAMPLE_ASSETS) {
      const { response } = await isolate.request(`${host}/asset/${wire.asset_id}`)
      expect(await response.text()).toBe(JSON.stringify({ data: wire, status: 'success' }))
    }
  })
})

describe('a listing of a changed catalog', () => {
  const size = 2
  const host = newHost()
  let changed: SampleAsset[]
  let isolate: Isolate

  beforeAll(async () => {
    await storeSample(SAMPLE_ASSETS)
    isolate = await startIsolate()
    for (const { search } of [ALL, ...ALONE]) {
      await isolate.fetch(urlOf({ host, search, number: 1, size }))
      await isolate.fetch(urlOf({ host, search, number: 3, size }))
    }
    const { wire: moved } = sampleAsset(17)
    const kept = SAMPLE_ASSETS.filter((_, number) => number % 5 !== 0).map((asset) => ({
      ...asset,
      is_latest: asset.wire.dataset === 'umd_loss' ? asset.wire.version === 'v2' : asset.is_latest,
      is_default: asset.wire.asset_id === moved.asset_id ? !asset.is_default : asset.is_default,
    }))
    const added = Array.from({ length: 21 }, (_, n) => sampleAsset(SAMPLE_SIZE + n)).map(
      (asset) => ({
        ...asset,
        is_latest:
          asset.wire.dataset === 'umd_loss' ? asset.wire.version === 'v2' : asset.is_latest,
      }),
    )
    changed = [...kept, ...added]
    const gone = SAMPLE_ASSETS.filter((_, number) => number % 5 === 0)
    await query('delete from assets where asset_id = any ($1::uuid[])', [
      `{${gone.map(({ wire }) => wire.asset_id)}}`,
    ])
    await query("update versions set is_latest = false where dataset = 'umd_loss'")
    await query(
      "update versions set is_latest = true where dataset = 'umd_loss' and version = 'v2'",
    )
    await query('update assets set is_default = not is_default where asset_id = $1', [
      moved.asset_id,
    ])
    await insertSample(added)
  })

  it.each([ALL, ...ALONE])(
    '?$search: shows its new pages and total within 60 s',
    async ({ search, matches }) => {
      // The last check is then older than 60 s, whenever the hook ran.
      vi.setSystemTime(Date.now() + 61_000)
      const listed = listing(changed, matches)
      const pages = pageCount(listed, size)
      for (const number of new Set([2, 4, 1, pages, pages + 1, 3])) {
        const request = { host, search, number, size }
        expect([number, await read(isolate, request)]).toEqual([number, pageOf(listed, request)])
      }
    },
  )
})

type Change = { add: boolean; number: number }
/** Reads pages in a row, the first of them during a change. */
type Reading = {
  do: 'read'
  listing: Listing
  number: number
  pages: number
  size: number
  isolate: number
  during: Change | undefined
}
type Command =
  | Reading
  | { do: 'change'; change: Change }
  | { do: 'wait'; seconds: number }
  | { do: 'lose' }

const change = fc.record({ add: fc.boolean(), number: fc.integer({ min: 0, max: 40 }) })
const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('read' as const),
      listing: fc.constantFrom(ALL, ...ALONE, ...PAIRS),
      number: fc.integer({ min: 1, max: 6 }),
      pages: fc.constantFrom(1, 1, 5),
      size: fc.constantFrom(1, 2, 5, 1000),
      isolate: fc.nat(1),
      during: fc.option(change, { nil: undefined }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('change' as const), change }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('wait' as const), seconds: fc.constantFrom(3, 20, 61) }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'lose' as const }) },
)

it('each page is that of its revision, in any sequence of reads, crawls, changes and losses', async () => {
  const isolates = [await startIsolate(), await startIsolate()]
  const dataCenter = startDataCenter()
  const host = newHost()
  const log = collectLogs()
  let assets: SampleAsset[] = []
  /** The assets of the catalog or of a dataset at each of its revisions. */
  const states = new Map<string, SampleAsset[]>()

  async function keepState(): Promise<void> {
    const rows = await query(
      'select revision from catalog_revision union all select revision from datasets',
    )
    for (const { revision } of rows) {
      if (!states.has(`${revision}`)) states.set(`${revision}`, assets)
    }
  }

  async function apply({ add, number }: Change): Promise<void> {
    const asset = sampleAsset(number)
    const others = assets.filter(({ wire }) => wire.asset_id !== asset.wire.asset_id)
    if (add && others.length === assets.length) await insertSample([asset])
    if (!add) await query('delete from assets where asset_id = $1', [asset.wire.asset_id])
    assets = add ? [...others, asset] : others
    await keepState()
  }

  /** Reads a page, during a change if there is one: what differs from the page at its revision. */
  async function faultsOf(
    { listing: filters, isolate, size, during }: Reading,
    number: number,
  ): Promise<unknown[]> {
    const before = assets
    const lines = log.of('request').length
    const page = { host, search: filters.search, number, size }
    const sent = isolates[isolate]?.fetch(urlOf(page))
    if (during) await apply(during)
    const response = await sent
    const answer = [response?.status, await response?.json()]
    const { revision } = log.of('request')[lines] ?? {}
    // A 422 has no revision, and is never stored.
    const possible = revision ? [states.get(`${revision}`)] : [before, assets]
    const modeled = possible.map((state = []) => pageOf(listing(state, filters.matches), page))
    const isModeled = modeled.some((model) => JSON.stringify(model) === JSON.stringify(answer))
    return isModeled ? [] : [{ page, revision, answer, modeled }]
  }

  await fc.assert(
    fc.asyncProperty(fc.array(command, { minLength: 5, maxLength: 20 }), async (commands) => {
      assets = SAMPLE_ASSETS.slice(0, 20)
      await storeSample(assets)
      await keepState()
      passSeconds(61)
      const faults: unknown[] = []
      for (const todo of commands) {
        if (todo.do === 'change') await apply(todo.change)
        if (todo.do === 'wait') passSeconds(todo.seconds)
        if (todo.do === 'lose') dataCenter.clear()
        for (let page = 0; todo.do === 'read' && page < todo.pages; page++) {
          faults.push(...(await faultsOf(todo, todo.number + page)))
        }
      }
      expect(faults).toEqual([])
    }),
    { numRuns: 30 },
  )
})

it('reads a stored page no more, and one that was not read alone with one call', async () => {
  await storeSample(SAMPLE_ASSETS)
  const isolate = await startIsolate()
  const host = newHost()
  const network = spyOnNetwork()
  for (const [index, number] of [1, 4, 3, 7].entries()) {
    await isolate.fetch(urlOf({ host, search: '', number, size: 5 }))
    expect(network).toHaveBeenCalledTimes(index + 1)
  }
  await isolate.fetch(urlOf({ host, search: '', number: 3, size: 5 }))
  expect(network).toHaveBeenCalledTimes(4)
  network.mockRestore()
})
