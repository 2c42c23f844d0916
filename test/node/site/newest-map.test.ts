import { expect, it } from 'vitest'
import { createClient } from '../../../packages/client/src/client.ts'
import { loadNewestMap } from '../../../site/dataset/use-newest-map.ts'

const dataset = 'umd_a'
const versions = ['v3', 'v2', 'v1']
const { signal } = new AbortController()

function tiles(version: string, asset_type = 'Raster tile cache') {
  const asset_uri = `https://tiles.example/umd_a/${version}/default/{z}/{x}/{y}.png`
  return { asset_id: version, dataset, version, asset_type, asset_uri, status: 'saved' }
}

/** A client of an API with one asset a page, and the queries of its requests. */
function reading(assets: ReturnType<typeof tiles>[]) {
  const queries: string[] = []
  const client = createClient({
    baseUrl: 'http://catalog.test',
    retries: 0,
    fetch: async (url) => {
      const { searchParams } = new URL(url)
      const type = searchParams.get('asset_type')
      queries.push(`${searchParams.get('dataset')} ${type} ${searchParams.get('status')}`)
      const matching = assets.filter((asset) => asset.asset_type === type)
      const number = Number(searchParams.get('page[number]'))
      const meta = { total_items: `${matching.length}`, total_pages: `${matching.length}` }
      return Response.json({ data: matching.slice(number - 1, number), meta, links: {} })
    },
  })
  return { client, queries }
}

it('finds the newest version with a map among the saved tile caches of the dataset', async () => {
  const vector = tiles('v2', 'Dynamic vector tile cache')
  const { client, queries } = reading([tiles('v1'), vector])
  expect(await loadNewestMap(client, { dataset, versions }, signal)).toEqual(vector)
  expect(new Set(queries)).toEqual(
    new Set([
      'umd_a Dynamic vector tile cache saved',
      'umd_a Static vector tile cache saved',
      'umd_a Raster tile cache saved',
    ]),
  )
})

it('says so if no version has a map', async () => {
  const { client } = reading([])
  expect(await loadNewestMap(client, { dataset, versions }, signal)).toBe('none')
})

it('does not guess if there are too many tile caches to read', async () => {
  const { client } = reading(Array.from({ length: 6 }, () => tiles('v1')))
  expect(await loadNewestMap(client, { dataset, versions }, signal)).toBe('too many')
})
