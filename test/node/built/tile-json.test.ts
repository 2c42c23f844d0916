/** TileJSON of every kind of asset, and the links to it. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type StoredAsset, startBuiltDatabase } from '../../harness/built-database.ts'
import { type BuiltWorker, startBuiltWorker } from '../../harness/built-worker.ts'

const ORIGIN = 'https://catalog.example:8443'

const running = new AsyncDisposableStack()
let worker: BuiltWorker

/** All that the tests declare, in the order of the listing; stored before the first of them. */
const declared: StoredAsset[] = []
function declare(asset: Partial<StoredAsset>): StoredAsset {
  const number = `${declared.length + 1}`.padStart(12, '0')
  const complete = {
    asset_id: `4f1c2d3e-5a6b-4c7d-8e9f-${number}`,
    dataset: 'umd_tree_cover_loss',
    version: 'v1.8',
    asset_type: 'Raster tile cache',
    asset_uri: `https://tiles.example:444/${number}/{z}/{x}/{y}.png`,
    status: 'saved',
    is_managed: true,
    is_default: false,
    is_downloadable: false,
    metadata: {},
    created_on: '2019-08-24T14:15:22Z',
    updated_on: '2020-01-02T03:04:05Z',
    ...asset,
  }
  declared.push(complete)
  return complete
}

beforeAll(async () => {
  const database = await startBuiltDatabase()
  running.defer(() => database.close())
  await database.insertAssets(declared)
  worker = await startBuiltWorker({ vars: { DATABASE_URL: database.connectionString } })
  running.defer(() => worker.close())
})

afterAll(() => running.disposeAsync())

async function get(path: string) {
  const { status, headers, body } = await worker.fetch(ORIGIN + path)
  return { status, link: headers.link ?? '', body: JSON.parse(body) }
}

function tileJsonLinks(link: string): string[] {
  return [...link.matchAll(/<([^>]*)>; rel="tilejson"/g)].map(([, href]) => href ?? '')
}

const tileJsonOf = ({ asset_id }: StoredAsset) => get(`/asset/${asset_id}/tilejson.json`)

describe('an asset of each type, status and kind of URI', () => {
  const URIS = {
    'https with z, x and y': 'https://t.example:444/N/{z}/{x}/{y}.pbf',
    'https with x, y and z': 'https://t.example/N/{x}/{y}.png?zoom={z}',
    'HTTPS with z, x and y': 'HTTPS://T.example/N/{z}/{x}/{y}.png',
    'https without z': 'https://t.example/N/{x}/{y}.png',
    'https without x': 'https://t.example/N/{z}/{y}.png',
    'https without y': 'https://t.example/N/{z}/{x}.png',
    'https without a template': 'https://t.example/N/z/x/y.png',
    'https with Z, X and Y': 'https://t.example/N/{Z}/{X}/{Y}.png',
    'http with z, x and y': 'http://t.example/N/{z}/{x}/{y}.png',
    's3 with z, x and y': 's3://tiles/N/{z}/{x}/{y}.png',
    'no scheme, z, x and y': 't.example/N/{z}/{x}/{y}.png',
    'no URL, z, x and y': 'https://[t/N/{z}/{x}/{y}.png',
  }
  type Uri = keyof typeof URIS
  type Status = 'saved' | 'pending' | 'failed'
  type Expected = 'TileJSON' | [status: 404 | 409, detail: string]

  const NO_TILE_URL: Expected = [404, 'No tiles: asset_uri is no https tile URL']
  /** For both kinds of URI: neither decides before the type and the status do. */
  const whatever = (expected: Expected) => ({
    'https with z, x and y': expected,
    's3 with z, x and y': expected,
  })
  const TILE_CACHE = {
    saved: {
      'https with z, x and y': 'TileJSON',
      'https with x, y and z': 'TileJSON',
      'HTTPS with z, x and y': 'TileJSON',
      'https without z': NO_TILE_URL,
      'https without x': NO_TILE_URL,
      'https without y': NO_TILE_URL,
      'https without a template': NO_TILE_URL,
      'https with Z, X and Y': NO_TILE_URL,
      'http with z, x and y': NO_TILE_URL,
      's3 with z, x and y': NO_TILE_URL,
      'no scheme, z, x and y': NO_TILE_URL,
      'no URL, z, x and y': NO_TILE_URL,
    } satisfies Record<Uri, Expected>,
    pending: whatever([409, "No tiles: the asset's status is pending"]),
    failed: whatever([409, "No tiles: the asset's status is failed"]),
  } satisfies Record<Status, object>
  const OTHER = (type: string): Record<Status, Partial<Record<Uri, Expected>>> => {
    const expected: Expected = [404, `No tiles: the asset is of type ${type}`]
    const tiles = { 'https with z, x and y': expected }
    return { saved: whatever(expected), pending: tiles, failed: tiles }
  }
  const TABLE: Record<string, Record<Status, Partial<Record<Uri, Expected>>>> = {
    'Dynamic vector tile cache': TILE_CACHE,
    'Static vector tile cache': TILE_CACHE,
    'Raster tile cache': TILE_CACHE,
    'Raster tile set': OTHER('Raster tile set'),
    'Database table': OTHER('Database table'),
    'Geo database table': OTHER('Geo database table'),
    'ESRI Shapefile': OTHER('ESRI Shapefile'),
    Geopackage: OTHER('Geopackage'),
    ndjson: OTHER('ndjson'),
    csv: OTHER('csv'),
    tsv: OTHER('tsv'),
    '1x1 grid': OTHER('1x1 grid'),
    COG: OTHER('COG'),
  }
  const rows = Object.entries(TABLE).flatMap(([asset_type, statuses]) =>
    Object.entries(statuses).map(([status, uris]) => {
      const dataset = `all_${asset_type.replace(/\W/g, '_').toLowerCase()}`
      const cells = Object.entries(uris).map(([uri, expected]) => {
        const asset_uri = URIS[uri as Uri].replace('N', `${declared.length}`)
        return {
          uri,
          expected,
          asset: declare({ dataset, version: 'v2', asset_type, asset_uri, status }),
        }
      })
      return { asset_type, status, dataset, cells }
    }),
  )

  it.each(rows)('$asset_type, $status', async ({ asset_type, status, dataset, cells }) => {
    const kind =
      asset_type === 'Raster tile cache'
        ? { tileSize: 256 }
        : { vector_layers: [{ id: dataset, fields: {} }] }
    const expectedOf = ({ expected, asset }: (typeof cells)[number]) =>
      expected === 'TileJSON'
        ? {
            status: 200,
            link: '<https://catalog.example:8443/openapi.json>; rel="service-desc"',
            body: {
              tilejson: '3.0.0',
              tiles: [asset.asset_uri],
              scheme: 'xyz',
              name: `${dataset} v2`,
              version: '2.0.0',
              ...kind,
            },
          }
        : { status: expected[0], link: '', body: { detail: expected[1] } }
    const linksOf = ({ expected, asset }: (typeof cells)[number]) =>
      expected === 'TileJSON' ? [`/asset/${asset.asset_id}/tilejson.json`] : []

    const answers = await Promise.all(
      cells.map(async ({ uri, asset }) => ({
        uri,
        tileJson: await tileJsonOf(asset),
        offered: tileJsonLinks((await get(`/asset/${asset.asset_id}`)).link),
      })),
    )
    expect(answers).toEqual(
      cells.map((cell) => ({
        uri: cell.uri,
        tileJson: expectedOf(cell),
        offered: linksOf(cell),
      })),
    )
    const { link } = await get(`/assets?dataset=${dataset}&status=${status}`)
    expect(tileJsonLinks(link)).toEqual(cells.flatMap(linksOf))
  })

  for (let n = 10; n < 37; n++) {
    declare({
      asset_id: `5f1c2d3e-5a6b-4c7d-8e9f-0000000000${n}`,
      dataset: 'many_tiles',
      asset_type: n === 11 ? 'csv' : 'Raster tile cache',
    })
  }

  it('links the first 25 of a page, in its order', async () => {
    const path = (n: number) => `/asset/5f1c2d3e-5a6b-4c7d-8e9f-0000000000${n}/tilejson.json`
    const numbers = [10, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29]
    numbers.push(30, 31, 32, 33, 34, 35)
    const { link } = await get('/assets?dataset=many_tiles&page[size]=1000')
    expect(tileJsonLinks(link)).toEqual(numbers.map(path))
    const second = await get('/assets?dataset=many_tiles&page[size]=25&page[number]=2')
    expect(tileJsonLinks(second.link)).toEqual([path(35), path(36)])
  })
})

describe('the version', () => {
  const VERSIONS: [string, string | undefined][] = [
    ['v0', '0.0.0'],
    ['v1', '1.0.0'],
    ['v1.8', '1.8.0'],
    ['v1.10.0', '1.10.0'],
    ['v10.20.300', '10.20.300'],
    ['v20240301', '20240301.0.0'],
    ['v202106.0', '202106.0.0'],
    ['v00', undefined],
    ['v01', undefined],
    ['v1.08', undefined],
    ['v1.2.03', undefined],
    ['v1.00', undefined],
  ]
  const cells = VERSIONS.map(([version, semver]) => ({
    version,
    semver,
    asset: declare({ dataset: 'versioned', version }),
  }))

  it.each(cells)('of $version is $semver', async ({ version, semver, asset }) => {
    const { status, body } = await tileJsonOf(asset)
    expect([status, body.name, body.version]).toEqual([200, `versioned ${version}`, semver])
  })
})

describe('the zooms', () => {
  type Zooms = { min_zoom?: unknown; max_zoom?: unknown }
  type Shown = { minzoom?: number; maxzoom?: number }
  const RECORDED: [Zooms, dynamic: Shown, others: Shown][] = [
    [{}, { minzoom: 0, maxzoom: 22 }, {}],
    [{ min_zoom: 3 }, { minzoom: 3, maxzoom: 22 }, { minzoom: 3 }],
    [{ max_zoom: 9 }, { minzoom: 0, maxzoom: 9 }, { maxzoom: 9 }],
    [{ min_zoom: null, max_zoom: 0 }, { minzoom: 0, maxzoom: 0 }, { maxzoom: 0 }],
    [
      { min_zoom: 0, max_zoom: 24 },
      { minzoom: 0, maxzoom: 24 },
      { minzoom: 0, maxzoom: 24 },
    ],
    [
      { min_zoom: 7, max_zoom: 7 },
      { minzoom: 7, maxzoom: 7 },
      { minzoom: 7, maxzoom: 7 },
    ],
    // Not a range, which the specification forbids.
    [{ min_zoom: 8, max_zoom: 7 }, {}, {}],
    [{ min_zoom: 23 }, {}, { minzoom: 23 }],
    // Values of the wrong type are treated as null.
    [{ min_zoom: '3', max_zoom: 9 }, { maxzoom: 9 }, { maxzoom: 9 }],
    [{ min_zoom: 3, max_zoom: 25 }, { minzoom: 3 }, { minzoom: 3 }],
    [{ min_zoom: 3.5, max_zoom: -1 }, {}, {}],
  ]
  const TYPES = ['Dynamic vector tile cache', 'Static vector tile cache', 'Raster tile cache']
  const cells = RECORDED.flatMap(([zooms, dynamic, others]) =>
    TYPES.map((asset_type, n) => ({
      zooms,
      asset_type,
      shown: n === 0 ? dynamic : others,
      asset: declare({ asset_type, metadata: { tags: ['forest'], ...zooms } }),
    })),
  )

  it.each(cells)('of a $asset_type with $zooms are $shown', async ({ asset, shown }) => {
    const { minzoom, maxzoom } = (await tileJsonOf(asset)).body
    expect({ minzoom, maxzoom }).toEqual({ minzoom: undefined, maxzoom: undefined, ...shown })
  })
})

describe('the layer of vector tiles', () => {
  const iso = { name: 'iso', alias: 'Country', data_type: 'text' }

  const RECORDED: [string, unknown, Record<string, string>][] = [
    ['fields', [iso, { name: 'area', data_type: 'numeric' }], { iso: 'text', area: 'numeric' }],
    ['fields without a type', [iso, { name: 'area' }], { iso: 'text', area: '' }],
    ['fields without a name', [{ alias: 'Country', data_type: 'text' }, iso], { iso: 'text' }],
    ['invalid fields', ['iso', null, 7], {}],
    ['fields that are not a list', { iso: 'text' }, {}],
    ['no fields', undefined, {}],
    ['an empty list of fields', [], {}],
  ]
  const cells = RECORDED.map(([recorded, fields, expected]) => {
    const declareAs = (asset_type: string) =>
      declare({ dataset: 'layered', asset_type, metadata: { min_zoom: 1, fields } })
    return {
      recorded,
      expected,
      vectors: ['Dynamic vector tile cache', 'Static vector tile cache'].map(declareAs),
      raster: declareAs('Raster tile cache'),
    }
  })

  it.each(cells)('of recorded $recorded', async ({ expected, vectors, raster }) => {
    for (const vector of vectors) {
      const { body } = await tileJsonOf(vector)
      expect(body.vector_layers).toEqual([{ id: 'layered', fields: expected }])
    }
    expect(Object.keys((await tileJsonOf(raster)).body)).toEqual([
      'tilejson',
      'tiles',
      'scheme',
      'name',
      'version',
      'minzoom',
      'tileSize',
    ])
  })
})
