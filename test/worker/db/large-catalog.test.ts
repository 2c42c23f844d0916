/** The plans of Postgres for the pages of a catalog of 100,000 assets, by every filter and pair. */

import { beforeAll, describe, expect, it } from 'vitest'
import { assetQuerySchema } from '../../../src/api/query.ts'
import { newHost, query, resetCatalog, spyOnNetwork, startIsolate } from '../../harness/worker.ts'

const TYPES = ['csv', 'COG', 'tsv', 'ndjson', 'Geopackage', 'Raster tile set', '1x1 grid']
const SIZE = 25

/** Values of each filter; the second ones match few assets. */
const VALUES: Record<string, string[]> = {
  dataset: ['dataset_7'],
  version: ['v2', 'v99', 'latest'],
  asset_type: ['csv'],
  asset_uri: ['s3://77'],
  is_latest: ['true', 'false'],
  is_default: ['true', 'false'],
  status: ['saved', 'failed'],
}

const filters = Object.keys(assetQuerySchema.shape).filter((name) => !name.startsWith('page['))
const alone = filters.flatMap((name) => (VALUES[name] ?? []).map((value) => ({ name, value })))
const listings = [
  '',
  ...alone.map(toSearch),
  ...alone.flatMap((one) =>
    alone
      .filter(({ name }) => name > one.name)
      .map((other) => `${toSearch(one)}&${toSearch(other)}`),
  ),
]

function toSearch({ name, value }: { name: string; value: string }): string {
  return `${name}=${encodeURIComponent(value)}`
}

beforeAll(async () => {
  await resetCatalog([])
  await query(
    `insert into versions (dataset, version, is_latest)
     select 'dataset_' || n / 5, 'v' || n % 5 + 1, n % 5 = 4 from generate_series(0, 12499) as n
     union all select 'dataset_' || n, 'v99', false from generate_series(0, 9) as n`,
  )
  // The triggers and the foreign key would take twice the time, row by row.
  await query('alter table assets disable trigger all')
  await query(
    `insert into assets (dataset, version, asset_type, asset_uri, status, is_default, is_latest,
       metadata, created_on)
     select 'dataset_' || n / 8 / 5, case when n % 10000 = 9999 then 'v99' else 'v' || n / 8 % 5 + 1 end,
       ($1::text[])[n % 7 + 1], 's3://' || n, case when n % 10000 = 1 then 'failed' else 'saved' end,
       n % 8 = 0, n / 8 % 5 = 4, jsonb_build_object('tags', jsonb_build_array(repeat('x', 300))),
       timestamptz '2020-01-01Z' + n / 10 * interval '1 minute'
     from generate_series(0, 99999) as n`,
    [`{${TYPES.map((type) => `"${type}"`)}}`],
  )
  await query('alter table assets enable trigger all')
  await query('select public.refresh_catalog()')
  await query('vacuum analyze assets, asset_totals')
  await query('analyze versions')
})

/** A node of a plan, as `EXPLAIN (FORMAT JSON)` writes it. */
type Plan = {
  'Node Type': string
  'Relation Name'?: string
  'Actual Rows': number
  'Actual Loops': number
  'Shared Hit Blocks': number
  'Shared Read Blocks': number
  Plans?: Plan[]
}

/** The work of a statement: what it must not do, and the blocks of 8 KiB that it reads. */
type Work = { scansTable: boolean; sortedRows: number; readsAssets: boolean; blocks: number }

/** Requests a path, and has Postgres explain the statement that the Worker sent. */
async function explain(path: string): Promise<Work & { status: number; pages: number }> {
  const network = spyOnNetwork()
  const { fetch } = await startIsolate()
  const response = await fetch(`${newHost()}/${path}`)
  const { meta } = await response.json<{ meta?: { total_pages: string } }>()
  const sent = network.mock.calls.map(([, init]) => JSON.parse(String(init?.body)))
  network.mockRestore()
  const [{ query: statement, params }] = sent
  const [row] = await query(
    `explain (analyze, timing off, buffers, format json) ${statement}`,
    params,
  )
  const [{ Plan: plan }] = JSON.parse(`${row?.['QUERY PLAN']}`)
  return { status: response.status, pages: Number(meta?.total_pages ?? 0), ...workOf(plan) }
}

function workOf(plan: Plan): Work {
  const nodes = [plan]
  for (const node of nodes) nodes.push(...(node.Plans ?? []))
  const onAssets = nodes.filter((node) => node['Relation Name'] === 'assets')
  const sorts = nodes.filter((node) => node['Node Type'].includes('Sort'))
  return {
    scansTable: onAssets.some((node) => node['Node Type'] === 'Seq Scan'),
    readsAssets: onAssets.some((node) => node['Actual Loops'] > 0),
    sortedRows: Math.max(0, ...sorts.map((node) => node['Actual Rows'])),
    blocks: plan['Shared Hit Blocks'] + plan['Shared Read Blocks'],
  }
}

it('there are values for each filter of the query', () => {
  expect(Object.keys(VALUES)).toEqual(filters)
})

it('a scan and a sort are seen', async () => {
  const [row] = await query(
    'explain (analyze, buffers, format json) select metadata from assets order by md5(asset_uri)',
  )
  const [{ Plan: plan }] = JSON.parse(`${row?.['QUERY PLAN']}`)
  expect(workOf(plan)).toMatchObject({ scansTable: true, sortedRows: 100_000, readsAssets: true })
})

describe('a listing neither scans the table nor sorts more than a page:', () => {
  it.each(listings)('?%s', async (search) => {
    const { pages } = await explain(`assets?${search}`)
    for (const number of new Set([1, Math.ceil(pages / 2), pages])) {
      const page = await explain(`assets?${search}&page[number]=${number}`)
      const { status, scansTable, sortedRows, blocks } = page
      expect([number, { status, scansTable }]).toEqual([number, { status: 200, scansTable: false }])
      expect(sortedRows).toBeLessThanOrEqual(SIZE)
      // Each row costs four; the largest index has 1,000, the table 10,000.
      expect(blocks).toBeLessThan([1, pages].includes(number) ? 200 : 800)
    }
  })
})

it.each(['asset_type=COG&version=v99&is_default=true', 'version=v0', 'version=v2&is_latest=true'])(
  'a listing that is empty by its total reads no assets: ?%s',
  async (search) => {
    expect(await explain(`assets?${search}`)).toMatchObject({
      status: 200,
      pages: 1,
      readsAssets: false,
    })
  },
)

it('the tile caches of a version are found without scanning the table', async () => {
  for (const version of ['v2', 'latest']) {
    const work = await explain(`dataset/dataset_7/${version}/tilejson.json?is_default=true`)
    expect([version, work]).toEqual([
      version,
      expect.objectContaining({ status: 404, scansTable: false }),
    ])
    expect(work.blocks).toBeLessThan(100)
  }
})

it('a page past the last one reads no assets', async () => {
  expect(await explain('assets?page[number]=4001')).toMatchObject({
    status: 422,
    readsAssets: false,
  })
})

it.each([
  ['an asset', 'asset/ID', true],
  ['the datasets', 'datasets', false],
  ['a dataset', 'dataset/dataset_7', false],
  ['a version', 'dataset/dataset_7/v2', true],
  ['the assets of a version', 'dataset/dataset_7/latest/assets', true],
])('reads %s without scanning the table', async (_, path, readsAssets) => {
  const [asset] = await query('select asset_id from assets limit 1 offset 500')
  const work = await explain(path.replace('ID', `${asset?.asset_id}`))
  expect(work).toMatchObject({ status: 200, scansTable: false, readsAssets })
})
