/** The database time of pages as the catalog grows, measured at its HTTP endpoint. */

import type { AssetPage } from '../../src/api/resource.ts'
import { assetUri, SIZES, type Size } from '../catalog.ts'
import type { Environment } from '../environment.ts'
import { type Group, median, type Runs, repeat, seeded } from '../figure.ts'

const CRAWL_RUNS = 3
const CRAWLED_PAGES = 200
const DEEP_RUNS = 5
const DEEP_PAGES = 15
const FILTER_RUNS = 7

export const sequential: Group = (environment, sizes) =>
  forEachSize(sizes, (size) =>
    repeat(CRAWL_RUNS, () =>
      withColdWorker(environment, size, async (read) => {
        const times: number[] = []
        let next = `/assets?page[number]=${SIZES[size] / 25 / 2}`
        while (times.length < CRAWLED_PAGES) {
          const page = await read(next)
          times.push(page.databaseMs)
          // The smallest catalog has only 200 pages after its middle.
          next = page.links.next || page.links.first
        }
        return { [`scale.sequential_ms.${size}`]: median(times) }
      }),
    ),
  )

export const deep: Group = (environment, sizes) => {
  const random = seeded(2)
  return forEachSize(sizes, (size) =>
    repeat(DEEP_RUNS, () =>
      withColdWorker(environment, size, async (read) => {
        const times: number[] = []
        while (times.length < DEEP_PAGES) {
          const number = 1 + Math.floor((random() * SIZES[size]) / 25)
          times.push((await read(`/assets?page[number]=${number}`)).databaseMs)
        }
        return { [`scale.deep_ms.${size}`]: median(times) }
      }),
    ),
  )
}

export const filtered: Group = (environment, sizes) =>
  forEachSize(sizes, (size) =>
    repeat(FILTER_RUNS, (run) =>
      withColdWorker(environment, size, async (read) => {
        const times: Record<string, number> = {}
        for (const [filter, pages] of Object.entries(firstAndRepeated(size, run))) {
          const [first, repeated] = pages.map((page) => `/assets?${page}`) as [string, string]
          times[`scale.first_ms.${size}.${filter}`] = (await read(first)).databaseMs
          times[`scale.repeat_ms.${size}.${filter}`] = (await read(repeated)).databaseMs
        }
        return times
      }),
    ),
  )

/** A single asset, the first page of datasets, and a random one. */
export const assetsAndDatasets: Group = (environment, sizes) => {
  const random = seeded(3)
  return forEachSize(sizes, (size) =>
    repeat(FILTER_RUNS, () =>
      withColdWorker(environment, size, async (read) => {
        const { data } = await read(`/assets?page[number]=${1 + Math.floor(random() * 100)}`)
        const first = await read('/datasets')
        const number = 2 + Math.floor(random() * (Number(first.meta.total_pages) - 1))
        return {
          [`scale.asset_ms.${size}`]: (await read(`/asset/${data[0]?.asset_id}`)).databaseMs,
          [`scale.datasets_ms.${size}.first`]: first.databaseMs,
          [`scale.datasets_ms.${size}.random`]: (await read(`/datasets?page[number]=${number}`))
            .databaseMs,
        }
      }),
    ),
  )
}

/** The first and another page of each listing. A single asset has one page, so its size differs instead. */
function firstAndRepeated(size: Size, run: number): Record<string, [string, string]> {
  const index = (run * SIZES[size]) / 10
  const version = Math.floor(index / 8)
  const filters = {
    none: 'page[size]=25',
    dataset_version: `dataset=dataset_${Math.floor(version / 4)}&version=v1.${version % 4}&page[size]=4`,
    asset_type: 'asset_type=Geo database table',
    is_latest: 'is_latest=true',
    is_default: 'is_default=true',
  }
  const uri = `asset_uri=${assetUri(index)}`
  return {
    ...Object.fromEntries(
      Object.entries(filters).map(([name, query]) => [name, [query, `${query}&page[number]=2`]]),
    ),
    asset_uri: [uri, `${uri}&page[size]=24`],
  }
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
