import { env } from 'cloudflare:workers'
import * as fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { ASSET_TYPES } from '../src/asset-types.ts'
import { readAssets } from '../src/catalog.ts'
import { type PageHints, selectPage } from '../src/page-query.ts'
import { assetQuerySchema, parseQuery } from '../src/params.ts'
import { type AssetRow, insertAssets, query, resetCatalogue } from './worker.ts'

const TIMES = ['2020-01-01T00:00:00Z', '2020-01-01T00:00:00.000001Z', '2020-01-02T00:00:00Z']

async function page(filters: string, size: number, number: number, hints?: PageHints) {
  const search = `${filters}&page[size]=${size}&page[number]=${number}`
  const { revision, totalItems, items } = await readAssets(
    env,
    parseQuery(assetQuerySchema, new URLSearchParams(search)),
    hints,
  )
  return { revision, totalItems, items, ids: items.map((item) => item.asset_id) }
}

describe('a page read with hints', () => {
  it('is the page read by its offset, whatever the hints are and whenever they were true', async () => {
    const row = fc.record({
      created_on: fc.constantFrom(...TIMES),
      asset_type: fc.constantFrom('csv', 'COG'),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { maxLength: 25 }),
        fc.constantFrom('', 'asset_type=csv'),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 9 }),
        fc.constantFrom('after', 'before', 'both', 'neither'),
        fc.boolean(),
        async (rows: AssetRow[], filters, size, number, neighbours, changed) => {
          await resetCatalogue(rows)
          const previous = number > 1 ? await page(filters, size, number - 1) : undefined
          const next = await page(filters, size, number + 1)
          const hints: PageHints = {
            revision: next.revision,
            totalItems: next.totalItems,
            after: /after|both/.test(neighbours) ? previous?.items.at(-1) : undefined,
            before: /before|both/.test(neighbours) ? next.items.at(0) : undefined,
          }
          if (changed) await insertAssets([{ created_on: '2020-01-01T00:00:00.000000Z' }])
          const hinted = await page(filters, size, number, hints)
          expect(hinted).toEqual(await page(filters, size, number))
          expect(hinted.revision === hints.revision).toBe(!changed)
          const sorted = await query(
            `select asset_id from assets where $1 = '' or asset_type = 'csv'
             order by created_on, asset_id limit $2::int offset $3::int`,
            [filters, `${size}`, `${(number - 1) * size}`],
          )
          expect(hinted.ids).toEqual(sorted.map(({ asset_id }) => asset_id))
        },
      ),
      { numRuns: 150 },
    )
  })
})

describe('no listing is read by a sequential scan of 100,000 assets:', () => {
  beforeAll(async () => {
    await resetCatalogue([])
    await query(
      `insert into versions (dataset, version, is_latest)
       select 'dataset_' || n / 5, 'v' || n % 5 + 1, n % 5 = 4 from generate_series(0, 12499) as n`,
    )
    // The triggers and the foreign key would take twice the time, row by row.
    await query('alter table assets disable trigger all')
    await query(
      `insert into assets (dataset, version, asset_type, asset_uri, status, is_default, is_latest,
         metadata, created_on)
       select 'dataset_' || n / 8 / 5, 'v' || n / 8 % 5 + 1,
         ($1::text[])[n % ${ASSET_TYPES.length} + 1], 's3://' || n,
         case when n % 50 = 0 then 'failed' else 'saved' end, n % 8 = 0, n / 8 % 5 = 4,
         jsonb_build_object('tags', jsonb_build_array(repeat('x', 300))),
         timestamptz '2020-01-01' + n / 10 * interval '1 minute'
       from generate_series(0, 99999) as n`,
      [`{${ASSET_TYPES.map((type) => `"${type}"`)}}`],
    )
    await query('alter table assets enable trigger all')
    await query('vacuum analyze assets')
    await query('analyze versions')
  })

  const revision = '00000000-0000-4000-8000-000000000000'
  const key = { created_on: '2020-01-05T00:00:00Z', asset_id: revision }
  const hints: Record<string, PageHints | undefined> = {
    none: undefined,
    total: { revision, totalItems: 100_000 },
    after: { revision, totalItems: 100_000, after: key },
    before: { revision, totalItems: 100_000, before: key },
  }
  const cases = [
    '',
    'dataset=dataset_7',
    'dataset=dataset_7&version=v2',
    'dataset=dataset_7&version=latest',
    'asset_type=csv',
    'asset_uri=s3://77',
    'is_latest=true',
    'is_default=true',
    'status=failed',
    'asset_type=csv&status=failed',
    'asset_type=csv&is_latest=true',
    'is_default=true&is_latest=true',
  ].flatMap((filters) =>
    ['none', 'total', 'after', 'before'].flatMap((known) =>
      [1, 2, 1500].map((number) => [filters, known, number] as const),
    ),
  )

  it.each(cases)('%s, hints: %s, page %i', async (filters, known, number) => {
    const search = `${filters}&page[number]=${number}`
    const { sql, params } = selectPage(
      parseQuery(assetQuerySchema, new URLSearchParams(search)),
      hints[known],
    )
    const lines = await query(
      `explain ${sql}`,
      params.map((param) => `${param}`),
    )
    const plan = lines.map((line) => line['QUERY PLAN']).join('\n')
    expect(plan).toContain('Index')
    expect(plan).not.toContain('Seq Scan on assets')
  })

  it('and a page near the end is read from there', async () => {
    const { sql, params } = selectPage(
      parseQuery(assetQuerySchema, new URLSearchParams('page[number]=3998')),
    )
    const lines = await query(
      `explain (analyze, costs off, timing off, summary off) ${sql}`,
      params.map((param) => `${param}`),
    )
    const plan = lines.map((line) => line['QUERY PLAN']).join('\n')
    expect(plan).toMatch(/Scan Backward using assets_page on assets \w+ \(actual rows=75\.00 /)
    expect(plan).toMatch(/Scan using assets_page on assets \w+ \(never executed\)/)
  })
})
