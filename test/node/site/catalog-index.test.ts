import { expect, it } from 'vitest'
import { createClient } from '../../../packages/client/src/client.ts'
import { loadMapped, loadTypes } from '../../../site/home/catalog-index.ts'

type Row = { dataset: string; version: string; asset_type: string }

const { signal } = new AbortController()

/** A client of an API with one asset a page. */
function clientOf(rows: Row[]) {
  return createClient({
    baseUrl: 'http://catalog.test',
    retries: 0,
    fetch: async (url) => {
      const { searchParams } = new URL(url)
      const type = searchParams.get('asset_type')
      const matching = rows.filter((row) => type === null || row.asset_type === type)
      const number = Number(searchParams.get('page[number]'))
      const meta = { total_items: `${matching.length}`, total_pages: `${matching.length}` }
      return Response.json({ data: matching.slice(number - 1, number), meta, links: {} })
    },
  })
}

function row(dataset: string, version: string, asset_type: string): Row {
  return { dataset, version, asset_type }
}

it('reads the types of each dataset from all pages, what maps draw first', async () => {
  const client = clientOf([
    row('umd_a', 'v2', 'COG'),
    row('umd_a', 'v2', 'Raster tile cache'),
    row('umd_b', 'v1', 'COG'),
    row('umd_b', 'v1', 'COG'),
  ])
  expect(await loadTypes(client, signal)).toEqual(
    new Map([
      ['umd_a', ['Raster tile cache', 'COG']],
      ['umd_b', ['COG']],
    ]),
  )
})

it('reads the versions with maps', async () => {
  const client = clientOf([
    row('umd_a', 'v1', 'Raster tile cache'),
    row('umd_a', 'v2', 'Dynamic vector tile cache'),
    row('umd_b', 'v1', 'COG'),
  ])
  expect(await loadMapped(client, signal)).toEqual(new Map([['umd_a', new Set(['v2', 'v1'])]]))
})

it('reads no more than five pages', async () => {
  const client = clientOf(Array.from({ length: 6 }, () => row('umd_a', 'v1', 'Raster tile cache')))
  expect(await loadTypes(client, signal)).toBe('too many')
  expect(await loadMapped(client, signal)).toBe('too many')
})

it('reads none of pages that the API refuses as too large, and reports other errors', async () => {
  let status = 422
  const client = createClient({
    baseUrl: 'http://catalog.test',
    retries: 0,
    fetch: async () => Response.json({ detail: [] }, { status }),
  })
  expect(await loadTypes(client, signal)).toBe('too many')
  status = 503
  await expect(loadTypes(client, signal)).rejects.toThrow('503')
})
