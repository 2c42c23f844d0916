/** The database time of pages as the catalog grows, measured at its HTTP endpoint. */

import type { AssetPage } from '../../src/api/resource.ts'
import type { Size } from '../catalog.ts'
import type { Environment } from '../environment.ts'
import { type Group, median, type Runs, repeat, seeded } from '../figure.ts'
import { listings } from './filters.ts'

const RUNS = 3
/** Other page sizes than that of the page before, so that no page is next to another one. */
const SIZE_OF = { first: 25, middle: 24, last: 23 } as const
/** Its listings have figures of their own. */
const LARGEST: Size = '1m'
type Position = keyof typeof SIZE_OF

/** Words in the names of one dataset, of all, and of none. */
const SEARCHES = ['large', 'dataset', 'forest']

/** The first, middle and last page of listings. A figure has the times of its slowest query. */
export const filtered: Group = (environment, sizes) =>
  forEachSize(sizes, async (size) => {
    const runs = await repeat(RUNS, () =>
      withColdWorker(environment, size, async (read) => {
        const times: Record<string, number> = {}
        for (const { filters, queries } of listings(size)) {
          for (const query of queries) {
            for (const [position, ms] of Object.entries(await readPages(read, query))) {
              times[`scale.${position}_ms.${size}.${filters}?${query}`] = ms
            }
          }
        }
        return times
      }),
    )
    return slowestQueries(runs, size)
  })

async function readPages(read: Read, query: string): Promise<Record<Position, number>> {
  const readPage = (position: Position, number: number) =>
    read(`/assets?${query}&page[number]=${number}&page[size]=${SIZE_OF[position]}`)
  const first = await readPage('first', 1)
  const pages = (size: number) => Math.max(1, Math.ceil(Number(first.meta.total_items) / size))
  const middle = await readPage('middle', Math.ceil(pages(SIZE_OF.middle) / 2))
  const last = await readPage('last', pages(SIZE_OF.last))
  return { first: first.databaseMs, middle: middle.databaseMs, last: last.databaseMs }
}

/** For each listing, in the largest catalog, and for all together: the query with the largest median. */
function slowestQueries(runs: Runs, size: Size): Runs {
  const slowest: Runs = {}
  for (const [key, times] of Object.entries(runs)) {
    const [listing = ''] = key.split('?')
    const all = listing.replace(/[^.]+$/, 'slowest')
    for (const name of size === LARGEST ? [all, listing] : [all]) {
      if (median(times) > median(slowest[name] ?? [0])) slowest[name] = times
    }
  }
  return slowest
}

/** A single asset; the first and the middle page of datasets, and the slowest search. */
export const assetsAndDatasets: Group = (environment, sizes) => {
  const random = seeded(3)
  return forEachSize(sizes, (size) =>
    repeat(RUNS, () =>
      withColdWorker(environment, size, async (read) => {
        const { data } = await read(`/assets?page[number]=${1 + Math.floor(random() * 100)}`)
        const first = await read('/datasets')
        const middle = await read(
          `/datasets?page[number]=${Math.ceil(Number(first.meta.total_pages) / 2)}`,
        )
        const searches: number[] = []
        for (const search of SEARCHES) {
          searches.push((await read(`/datasets?search=${search}`)).databaseMs)
        }
        return {
          [`scale.asset_ms.${size}`]: (await read(`/asset/${data[0]?.asset_id}`)).databaseMs,
          [`scale.datasets_ms.${size}.first`]: first.databaseMs,
          [`scale.datasets_ms.${size}.middle`]: middle.databaseMs,
          [`scale.datasets_ms.${size}.search`]: Math.max(...searches),
        }
      }),
    ),
  )
}

/** A response body, and the database time that it took. */
type Answer = Pick<AssetPage, 'data' | 'links' | 'meta'> & { databaseMs: number }
type Read = (path: string) => Promise<Answer>

/** Runs `use` with a new process, an empty cache, and a revision that is not cached. */
async function withColdWorker<T>(
  environment: Environment,
  size: Size,
  use: (read: Read) => Promise<T>,
) {
  const { recorder, change } = await environment.database(size)
  await change()
  const app = await environment.start('app', size, { connections: 1 })
  try {
    return await use(async (path) => {
      const { result, calls } = await recorder.record(() => app.client.get(path))
      if (calls.length === 0) throw new Error(`${path} was answered without the database`)
      const databaseMs = calls.reduce((sum, { ms }) => sum + ms, 0)
      return { databaseMs, ...JSON.parse(result.body) }
    })
  } finally {
    await app.close()
  }
}

async function forEachSize(
  sizes: readonly Size[],
  figures: (size: Size) => Promise<Runs>,
): Promise<Runs> {
  const runs: Runs = {}
  for (const size of sizes) Object.assign(runs, await figures(size))
  return runs
}
