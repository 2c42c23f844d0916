/**
 * Metadata written by plain SQL can be any JSON object. Whatever is stored, the response shows a
 * value of the documented type or null. `setup.ts` also checks each answer against the OpenAPI document.
 */

import { beforeAll, describe, expect, it } from 'vitest'
import { newHost, query, resetCatalog, startIsolate } from '../../harness/worker.ts'

type Metadata = Record<string, unknown>
type Case = [stored: unknown, shown: unknown]

/** Values of each JSON type. */
const NUMBERS = [0, -1, 5, 1.5]
const STRINGS = ['', '5', 'true', 'NaN']
const BOOLEANS = [true, false]
const OBJECTS = [{}, { a: 1 }]
const ARRAYS = [[], [1]]

function wrong(...values: unknown[][]): Case[] {
  return values.flat().map((stored) => [stored, null])
}

function right(...values: unknown[]): Case[] {
  return [null, ...values].map((stored) => [stored, stored])
}

const text: Case[] = [...right('', 'é"\\\n'), ...wrong(NUMBERS, BOOLEANS, OBJECTS, ARRAYS)]
const flag: Case[] = [
  ...right(true, false).slice(1),
  [null, true],
  ...wrong(NUMBERS, STRINGS, OBJECTS, ARRAYS),
]
const jsonObject: Case[] = [
  ...right({}, { a: { b: [null, 1, '"'] } }),
  ...wrong(NUMBERS, STRINGS, BOOLEANS, ARRAYS),
]
const zoom: Case[] = [
  ...right(0, 9, 24),
  ...wrong([-1, 25, 8.5, 1e300], STRINGS, BOOLEANS, OBJECTS, ARRAYS),
]

const field: Record<string, Case[]> = {
  name: text,
  alias: text,
  description: text,
  data_type: text,
  unit: text,
  is_feature_info: flag,
  is_filter: flag,
}
const noField = {
  name: null,
  alias: null,
  description: null,
  data_type: null,
  unit: null,
  is_feature_info: true,
  is_filter: true,
}
const band: Record<string, Case[]> = {
  pixel_meaning: text,
  unit: text,
  description: text,
  statistics: jsonObject,
  values_table: jsonObject,
  data_type: text,
  compression: text,
  no_data_value: [...right('', 'nan', 0, -1.5), ...wrong(BOOLEANS, OBJECTS, ARRAYS)],
}
const noBand = {
  pixel_meaning: null,
  unit: null,
  description: null,
  statistics: null,
  values_table: null,
  data_type: null,
  compression: null,
  no_data_value: null,
}

/** Each case of each key of an element, and elements that are not objects. */
function list(keys: Record<string, Case[]>, nothing: Metadata): Case[] {
  const elements = Object.entries(keys).flatMap(([key, cases]) =>
    cases.map(([stored, shown]): Case => [[{ [key]: stored }], [{ ...nothing, [key]: shown }]]),
  )
  return [
    ...elements,
    ...right([]),
    [
      [null, 1, 'x', true, [], [{}], {}, { unknown: 1 }],
      [null, null, null, null, null, null, nothing, nothing],
    ],
    ...wrong(NUMBERS, STRINGS, BOOLEANS, OBJECTS),
  ]
}

const tags: Case[] = [
  ...right([], ['a', 'é']),
  [
    ['a', null, 1, true, {}, ['b'], 'c'],
    ['a', null, null, null, null, null, 'c'],
  ],
  ...wrong(NUMBERS, STRINGS, BOOLEANS, OBJECTS),
]
const id: Case[] = [
  ...right(
    '497f6eca-6276-4993-bfeb-53cbbbba6f08',
    '497F6ECA-6276-4993-BFEB-53CBBBBA6F08',
    '00000000-0000-0000-0000-000000000000',
    // A GUID that is not a UUID by RFC 9562: unknown version and variant.
    '12345678-1234-0234-0234-123456789abc',
  ),
  ...wrong(
    ['497f6eca62764993bfeb53cbbbba6f08', '{497f6eca-6276-4993-bfeb-53cbbbba6f08}'],
    STRINGS,
    NUMBERS,
    BOOLEANS,
    OBJECTS,
    ARRAYS,
  ),
]
const fields = list(field, noField)
const bands = list(band, noBand)
const table = { tags, fields, id }
const tileCache = { tags, min_zoom: zoom, max_zoom: zoom, fields, id }

type AssetType =
  | 'Dynamic vector tile cache'
  | 'Static vector tile cache'
  | 'Raster tile cache'
  | 'Raster tile set'
  | 'Database table'
  | 'Geo database table'
  | 'ESRI Shapefile'
  | 'Geopackage'
  | 'ndjson'
  | 'csv'
  | 'tsv'
  | '1x1 grid'
  | 'COG'

/** Each key of each type, in the order of the response. */
const KEYS: Record<AssetType, Record<string, Case[]>> = {
  'Dynamic vector tile cache': {
    ...tileCache,
    min_zoom: [...zoom.slice(1), [null, 0]],
    max_zoom: [...zoom.slice(1), [null, 22]],
  },
  'Static vector tile cache': tileCache,
  'Raster tile cache': tileCache,
  'Raster tile set': {
    tags,
    bands,
    resolution: [...right(0, 27.83, -1), ...wrong(STRINGS, BOOLEANS, OBJECTS, ARRAYS)],
    id,
  },
  'Database table': table,
  'Geo database table': table,
  'ESRI Shapefile': table,
  Geopackage: table,
  ndjson: table,
  csv: table,
  tsv: table,
  '1x1 grid': table,
  COG: {
    tags,
    bands,
    block_size: [...right(0, 512, -1), ...wrong([1.5, 1e300], STRINGS, BOOLEANS, OBJECTS, ARRAYS)],
    resampling: text,
    id,
  },
}

let get: (url: string) => Promise<Response>
beforeAll(async () => {
  get = (await startIsolate()).fetch
})

async function read(path: string): Promise<{ data: unknown }> {
  const response = await get(`${newHost()}${path}`)
  expect(response.status).toBe(200)
  return response.json()
}

/** The metadata of each asset in a listing, as JSON, since the order of keys matters. */
async function shown(asset_type: string, recorded: Metadata[]): Promise<string[]> {
  const rows = recorded.map((metadata, index) => ({
    asset_type,
    metadata,
    created_on: `2020-01-01T00:00:00.${String(index).padStart(6, '0')}Z`,
  }))
  await resetCatalog(rows)
  const { data } = (await read('/assets?page[size]=1000')) as { data: { metadata: Metadata }[] }
  return data.map(({ metadata }) => JSON.stringify(metadata))
}

describe.each(Object.entries(KEYS))('of a %s', (asset_type, keys) => {
  const nothing = Object.fromEntries(Object.keys(keys).map((key) => [key, null]))
  const defaults = asset_type === 'Dynamic vector tile cache' ? { min_zoom: 0, max_zoom: 22 } : {}

  it.each(Object.entries(keys))(
    '%s is shown if it has the right type, otherwise null',
    async (key, cases) => {
      const recorded = cases.map(([stored]) => ({ [key]: stored }))
      expect(await shown(asset_type, recorded)).toEqual(
        cases.map(([, value]) => JSON.stringify({ ...nothing, ...defaults, [key]: value })),
      )
    },
  )

  it('all keys are shown in order, even if not recorded, but none if metadata is empty', async () => {
    const all = Object.fromEntries(
      Object.entries(keys).map(([key, cases]) => [
        key,
        cases.find(([, value]) => value !== null)?.[1],
      ]),
    )
    const reversed = Object.fromEntries(Object.entries({ ...all, unknown: 1 }).toReversed())
    expect(await shown(asset_type, [reversed, { unknown: 1 }, {}])).toEqual([
      JSON.stringify(all),
      JSON.stringify({ ...nothing, ...defaults }),
      '{}',
    ])
  })
})

it('keeps the order of fields and bands, and completes each', async () => {
  const fields = [
    { name: 'z', is_filter: false },
    { name: 'a', is_feature_info: false },
    { unit: 'm' },
  ]
  expect(await shown('csv', [{ fields }])).toEqual([
    JSON.stringify({
      tags: null,
      fields: [
        { ...noField, name: 'z', is_filter: false },
        { ...noField, name: 'a', is_feature_info: false },
        { ...noField, unit: 'm' },
      ],
      id: null,
    }),
  ])
  const bands = [{ no_data_value: 0, unit: 'ha' }, { statistics: { min: null } }, { unit: 'm' }]
  expect(await shown('COG', [{ bands }])).toEqual([
    JSON.stringify({
      tags: null,
      bands: [
        { ...noBand, unit: 'ha', no_data_value: 0 },
        { ...noBand, statistics: { min: null } },
        { ...noBand, unit: 'm' },
      ],
      block_size: null,
      resampling: null,
      id: null,
    }),
  ])
})

it('a single asset follows the same rules', async () => {
  const asset_id = crypto.randomUUID()
  const metadata = { tags: 'x', bands: [{ pixel_meaning: 1 }, 2], block_size: '512', id: 'x' }
  await resetCatalog([{ asset_id, asset_type: 'COG', metadata }])
  expect(await read(`/asset/${asset_id}`)).toMatchObject({
    data: {
      metadata: {
        tags: null,
        bands: [noBand, null],
        block_size: null,
        resampling: null,
        id: null,
      },
    },
  })
})

describe('a TileJSON', () => {
  it.each([
    ['5', '9'],
    [-1, 25],
    [1.5, 1e300],
    [true, [9]],
    [{}, null],
  ])('omits invalid zooms %j and %j', async (min_zoom, max_zoom) => {
    const asset_id = crypto.randomUUID()
    const asset_uri = 'https://tiles.example/{z}/{x}/{y}.pbf'
    const metadata = {
      min_zoom,
      max_zoom,
      fields: [{ name: 'iso', data_type: 'text' }, { name: 1 }, 'x', null, { name: 'area' }],
    }
    await resetCatalog([{ asset_id, asset_type: 'Static vector tile cache', asset_uri, metadata }])
    expect(await read(`/asset/${asset_id}/tilejson.json`)).toEqual({
      tilejson: '3.0.0',
      tiles: [asset_uri],
      scheme: 'xyz',
      name: 'umd_tree_cover_loss v1.8',
      version: '1.8.0',
      vector_layers: [{ id: 'umd_tree_cover_loss', fields: { iso: 'text', area: '' } }],
    })
  })
})

it('shows numbers that are too large for JavaScript as null', async () => {
  await resetCatalog([{ asset_type: 'Raster tile set' }, { asset_type: 'COG' }])
  await query(
    `update assets set metadata = jsonb_build_object('resolution', 1e400, 'block_size', 1e400,
       'bands', jsonb_build_array(jsonb_build_object('no_data_value', 1e400)))`,
  )
  const { data } = (await read('/assets?asset_type=COG')) as { data: { metadata: Metadata }[] }
  const shared = { tags: null, bands: [noBand], id: null }
  expect(data.map(({ metadata }) => metadata)).toEqual([
    { ...shared, block_size: null, resampling: null },
  ])
  const sets = (await read('/assets?asset_type=Raster tile set')) as {
    data: { metadata: Metadata }[]
  }
  expect(sets.data.map(({ metadata }) => metadata)).toEqual([{ ...shared, resolution: null }])
})
