import { beforeAll, describe, expect, it } from 'vitest'
import { createClient } from '../src/client.ts'
import { newHost, resetCatalogue, signToken, startIsolate } from './worker.ts'

const CSV_1 = {
  asset_id: '00000000-0000-4000-8000-000000000001',
  dataset: 'umd_tree_cover_loss',
  version: 'v1.8',
  asset_type: 'csv',
  asset_uri: 's3://test/1.csv',
  is_latest: true,
}

beforeAll(() =>
  resetCatalogue([
    CSV_1,
    { ...CSV_1, asset_id: '00000000-0000-4000-8000-000000000002', asset_uri: 's3://test/2.csv' },
    { ...CSV_1, asset_id: '00000000-0000-4000-8000-000000000003', asset_uri: 's3://test/3.csv' },
  ]),
)

/** A client of a new isolate of the Worker; `urls` are what it has asked for. */
async function connect() {
  const { fetch } = await startIsolate()
  const urls: string[] = []
  const catalogue = createClient({
    baseUrl: newHost(),
    token: await signToken(),
    fetch(url, init) {
      urls.push(url)
      return fetch(url, init)
    },
  })
  return { catalogue, urls }
}

describe('a listing', () => {
  it('is read page by page to its end, each asset once', async () => {
    const { catalogue, urls } = await connect()
    const ids: string[] = []
    for await (const asset of catalogue.eachAsset({ 'page[size]': 2 })) ids.push(asset.asset_id)
    expect(ids).toEqual([
      '00000000-0000-4000-8000-000000000001',
      '00000000-0000-4000-8000-000000000002',
      '00000000-0000-4000-8000-000000000003',
    ])
    expect(urls.length).toBe(2)
  })
})
