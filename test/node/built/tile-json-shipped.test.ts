/**
 * The TileJSON of each tile cache in the shipped catalog, by the specification's JSON Schema and by
 * MapLibre's validation of sources.
 *
 * tilejson-3.0.0.schema.json is https://github.com/mapbox/tilejson-spec/blob/f44702e/3.0.0/schema.json
 * with other whitespace, by Konstantin Käfer, Young Hahn and Tom MacWright, licensed under CC BY 3.0 US
 * (https://creativecommons.org/licenses/by/3.0/us/).
 */

import { type Schema, Validator } from '@cfworker/json-schema'
import { type StyleSpecification, validateStyleMin } from '@maplibre/maplibre-gl-style-spec'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { importCatalog } from '../../../tools/catalog/import.ts'
import { startBuiltDatabase } from '../../harness/built-database.ts'
import { type BuiltWorker, startBuiltWorker } from '../../harness/built-worker.ts'
import { readCatalogFile } from '../../harness/catalog-items.ts'
import schema from './tilejson-3.0.0.schema.json' with { type: 'json' }

const running = new AsyncDisposableStack()
let worker: BuiltWorker

beforeAll(async () => {
  const database = await startBuiltDatabase()
  running.defer(() => database.close())
  await importCatalog(database.url, await readCatalogFile('catalog/gfw-catalog.json'))
  worker = await startBuiltWorker({ vars: { DATABASE_URL: database.connectionString } })
  running.defer(() => worker.close())
})
afterAll(() => running.disposeAsync())

async function get(path: string) {
  const { status, body } = await worker.fetch(`https://catalog.example${path}`)
  return { status, body: JSON.parse(body) }
}

async function assetIds(asset_type: string, status: string): Promise<string[]> {
  const search = new URLSearchParams({ asset_type, status, 'page[size]': '1000' })
  const { body } = await get(`/assets?${search}`)
  return body.data.map((asset: { asset_id: string }) => asset.asset_id)
}

const getTileJson = (id: string) => get(`/asset/${id}/tilejson.json`)

/** How MapLibre draws a vector tile cache: its source, and a layer of it. */
const VECTOR = { source: { type: 'vector' }, layer: { type: 'fill' }, faults: [] }
const RASTER = {
  source: { type: 'raster' },
  layer: { type: 'raster' },
  // 3.3 of the specification: raster tiles need no `vector_layers`. Its schema requires them of all
  // tiles (https://github.com/mapbox/tilejson-spec/issues/67).
  faults: ['Instance does not have required property "vector_layers".'],
}

describe.each([
  { type: 'Dynamic vector tile cache', saved: 142, pending: 0, failed: 13, ...VECTOR },
  { type: 'Static vector tile cache', saved: 121, pending: 4, failed: 7, ...VECTOR },
  { type: 'Raster tile cache', saved: 230, pending: 7, failed: 0, ...RASTER },
])('$type', ({ type, saved, pending, failed, source, layer, faults }) => {
  it(`is TileJSON that the schema and MapLibre accept, for all ${saved} that are saved`, async () => {
    const validator = new Validator(schema as Schema, '2020-12', false)
    const ids = await assetIds(type, 'saved')
    expect(ids.length).toBe(saved)
    for (const id of ids) {
      const { status, body } = await getTileJson(id)
      expect(status).toBe(200)
      expect(validator.validate(body).errors.map(({ error }) => error)).toEqual(faults)
      const [vectorLayer] = body.vector_layers ?? []
      const drawn = { id: 'drawn', source: 'asset', ...layer, 'source-layer': vectorLayer?.id }
      // MapLibre merges the TileJSON into the source.
      const style = { version: 8, sources: { asset: { ...body, ...source } }, layers: [drawn] }
      expect(validateStyleMin(style as StyleSpecification)).toEqual([])
    }
  })

  it(`is a 409 for the ${pending} that are pending and the ${failed} that failed`, async () => {
    const unusable = [...(await assetIds(type, 'pending')), ...(await assetIds(type, 'failed'))]
    expect(unusable.length).toBe(pending + failed)
    for (const id of unusable) expect((await getTileJson(id)).status).toBe(409)
  })
})
