/** The recipes' texts. Those for browsers run in test/e2e/recipes.test.ts. */

import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import type { Asset, TileJson } from '../../../packages/client/src/client.ts'
import { LEAFLET_VERSION } from '../../../site/asset/recipes/leaflet.ts'
import { MAPLIBRE_VERSION } from '../../../site/asset/recipes/maplibre.ts'
import { OPENLAYERS_VERSION } from '../../../site/asset/recipes/openlayers.ts'
import { type RecipeOptions, recipesFor } from '../../../site/asset/recipes/recipes.ts'

const runFile = promisify(execFile)
const origin = 'https://catalog.example'

type Given = Pick<Asset, 'asset_type' | 'asset_uri'> & { metadata?: object }

function asset(given: Given): Asset {
  // Boundary: the tests give each type its own metadata.
  return {
    created_on: '2026-01-01T00:00:00Z',
    updated_on: '2026-01-01T00:00:00Z',
    asset_id: 'a7b766ef-0594-5826-a9a3-e72bd9d491d2',
    dataset: 'umd_loss',
    version: 'v1',
    status: 'saved',
    is_managed: true,
    is_downloadable: true,
    metadata: {},
    ...given,
  } as Asset
}

const tileJson: TileJson = {
  tilejson: '3.0.0',
  tiles: ['https://tiles.example/umd_loss/v1/tcd_30/{z}/{x}/{y}.png'],
  scheme: 'xyz',
  name: 'umd_loss v1',
  minzoom: 0,
  maxzoom: 12,
  tileSize: 256,
}
const TILE_CACHE = asset({ asset_type: 'Raster tile cache', asset_uri: tileJson.tiles[0] })
const VECTOR_CACHE = asset({
  asset_type: 'Static vector tile cache',
  asset_uri: 'https://tiles.example/umd_loss/v1/default/{z}/{x}/{y}.pbf',
})
const vectorTileJson: TileJson = {
  ...tileJson,
  tiles: [VECTOR_CACHE.asset_uri],
  vector_layers: [{ id: 'umd_loss', fields: {} }],
}
const TILE_SET = asset({
  asset_type: 'Raster tile set',
  asset_uri: 's3://gfw-data-lake/umd_loss/v1/raster/epsg-4326/10/40000/year/geotiff/{tile_id}.tif',
})
const COG = asset({
  asset_type: 'COG',
  asset_uri: 's3://gfw-data-lake/umd_loss/v1/raster/epsg-4326/cog/default.tif',
})
const SHAPEFILE = asset({
  asset_type: 'ESRI Shapefile',
  asset_uri: 's3://gfw-data-lake/umd_loss/v1/vector/epsg-4326/umd_loss_v1.shp.zip',
})
const TABLE = asset({
  asset_type: 'Geo database table',
  asset_uri: 'https://data-api.globalforestwatch.org/dataset/umd_loss/v1/query',
  metadata: {
    fields: [
      { name: 'iso', data_type: 'text' },
      { name: 'geom', data_type: 'geometry' },
      null,
      { name: 'frp__MW', data_type: 'numeric' },
    ],
  },
})

function text(of: Asset, tool: string, label: string, options: Partial<RecipeOptions> = {}) {
  const recipe = recipesFor(of, { origin, ...options }).find(({ id }) => id === tool)
  return recipe?.blocks.find((block) => block.label === label)?.text
}

it.each([
  [
    'a raster tile cache',
    TILE_CACHE,
    tileJson,
    'MapLibre Leaflet OpenLayers QGIS TileJSON This API',
  ],
  [
    'a vector tile cache',
    VECTOR_CACHE,
    vectorTileJson,
    'MapLibre OpenLayers QGIS TileJSON This API',
  ],
  ['a tile cache without tiles', TILE_CACHE, undefined, 'This API'],
  ['a raster tile set', TILE_SET, undefined, 'GDAL rasterio Download This API'],
  ['a COG', COG, undefined, 'GDAL rasterio Download This API'],
  ['a shapefile', SHAPEFILE, undefined, 'GDAL Download This API'],
  ['a table', TABLE, undefined, 'SQL curl Python This API'],
])('has the tools for %s', (_, given, tileJson, tools) => {
  expect(
    recipesFor(given, { origin, tileJson })
      .map(({ label }) => label)
      .join(' '),
  ).toBe(tools)
})

it('loads the libraries in the versions that the tests run', async () => {
  const { devDependencies } = JSON.parse(await readFile('package.json', 'utf8'))
  expect({
    'maplibre-gl': MAPLIBRE_VERSION,
    leaflet: LEAFLET_VERSION,
    ol: OPENLAYERS_VERSION,
  }).toEqual({
    'maplibre-gl': devDependencies['maplibre-gl'],
    leaflet: devDependencies.leaflet,
    ol: devDependencies.ol,
  })
})

it('names the stable TileJSON only if it answers', () => {
  const label = 'URL of the latest version’s TileJSON'
  expect(text(TILE_CACHE, 'tilejson', label, { tileJson })).toBeUndefined()
  expect(text(TILE_CACHE, 'tilejson', label, { tileJson, hasLatest: true })).toBe(
    'https://catalog.example/dataset/umd_loss/latest/tilejson.json?asset_type=Raster+tile+cache',
  )
})

it('tells Leaflet the recorded zoom levels alone', () => {
  const { minzoom: _, maxzoom: __, ...unknown } = tileJson
  const layer = (given: TileJson) => text(TILE_CACHE, 'leaflet', 'Layer', { tileJson: given })
  const url = "L.tileLayer(\n  'https://tiles.example/umd_loss/v1/tcd_30/{z}/{x}/{y}.png',\n  "
  expect(layer(unknown)).toBe(`${url}{ attribution: 'Global Forest Watch' },\n).addTo(map)`)
  expect(layer(tileJson)).toBe(
    `${url}{ minNativeZoom: 0, maxNativeZoom: 12, attribution: 'Global Forest Watch' },\n).addTo(map)`,
  )
})

it('writes a file of connections that QGIS loads', () => {
  expect(text(TILE_CACHE, 'qgis', 'File of connections', { tileJson })).toBe(
    `<!DOCTYPE connections>
<qgsXYZTilesConnections version="1.0">
  <xyztiles name="umd_loss v1" url="https://tiles.example/umd_loss/v1/tcd_30/{z}/{x}/{y}.png" zmin="0" zmax="12"
    authcfg="" username="" password="" referer="" tilePixelRatio="0"/>
</qgsXYZTilesConnections>
`,
  )
  const vector = { tileJson: vectorTileJson }
  expect(text(VECTOR_CACHE, 'qgis', 'File of connections', vector)).toContain(
    '<vectortile name="umd_loss v1" url="https://tiles.example/umd_loss/v1/default/{z}/{x}/{y}.pbf"',
  )
  expect(text(VECTOR_CACHE, 'qgis', 'Python console', vector)).toBe(
    `uri = "type=xyz&url=https%3A%2F%2Ftiles.example%2Fumd_loss%2Fv1%2Fdefault%2F%7Bz%7D%2F%7Bx%7D%2F%7By%7D.pbf&zmin=0&zmax=12"
name = "umd_loss v1"
iface.addVectorTileLayer(uri, name)`,
  )
})

it('reads a tile set with GDAL, from the requester pays bucket or with a key', () => {
  const folder = 'gfw-data-lake/umd_loss/v1/raster/epsg-4326/10/40000/year/geotiff'
  expect(text(TILE_SET, 'gdal', 'One tile')).toBe(
    `export AWS_REQUEST_PAYER=requester\ngdalinfo /vsis3/${folder}/00N_060W.tif`,
  )
  expect(text(TILE_SET, 'gdal', 'All tiles as one raster')).toBe(
    `export AWS_REQUEST_PAYER=requester
ogr2ogr -f CSV /vsistdout/ -select name \\
  /vsis3/${folder}/tiles.geojson \\
  | tail -n +2 > umd_loss-v1.txt
gdalbuildvrt -input_file_list umd_loss-v1.txt umd_loss-v1.vrt`,
  )
  expect(text(TILE_SET, 'gdal', 'One tile, with a key')).toBe(
    `gdalinfo --config GDAL_DISABLE_READDIR_ON_OPEN EMPTY_DIR \\
  --config GDAL_HTTP_HEADERS "x-api-key: $GFW_API_KEY" \\
  '/vsicurl?use_head=no&url=https%3A%2F%2Fdata-api.globalforestwatch.org%2Fdataset%2Fumd_loss%2Fv1%2Fdownload%2Fgeotiff%3Fgrid%3D10%2F40000%26tile_id%3D00N_060W%26pixel_meaning%3Dyear'`,
  )
})

it('reads a COG in an open place with /vsicurl/, without an account', () => {
  const open = asset({ asset_type: 'COG', asset_uri: 'https://files.example/a.tif' })
  expect(text(open, 'gdal', 'What it holds')).toBe('gdalinfo /vsicurl/https://files.example/a.tif')
  expect(text(open, 'download', 'curl')).toBe('curl -fLO https://files.example/a.tif')
})

it('downloads a shapefile with a key, or with an AWS account', () => {
  expect(text(SHAPEFILE, 'download', 'With a key')).toBe(
    `curl -fL -H "x-api-key: $GFW_API_KEY" -o umd_loss_v1.shp.zip \\
  'https://data-api.globalforestwatch.org/dataset/umd_loss/v1/download/shp'`,
  )
  expect(text(SHAPEFILE, 'download', 'AWS CLI')).toBe(
    `aws s3 cp --request-payer requester ${SHAPEFILE.asset_uri} .`,
  )
})

it('queries a table by its recorded columns, without geometries', () => {
  expect(text(TABLE, 'sql', 'SQL')).toBe('SELECT "iso", "frp__MW" FROM data LIMIT 10')
  expect(text(TABLE, 'sql', 'Query URL, JSON')).toBe(
    'https://data-api.globalforestwatch.org/dataset/umd_loss/v1/query/json?sql=SELECT+%22iso%22%2C+%22frp__MW%22+FROM+data+LIMIT+10',
  )
  expect(text(asset({ ...TABLE, metadata: {} }), 'sql', 'SQL')).toBe('SELECT * FROM data LIMIT 10')
})

it.each([TILE_CACHE, TILE_SET, COG, TABLE])(
  'writes Python that compiles ($asset_type)',
  async (given) => {
    const python = recipesFor(given, { origin, tileJson })
      .flatMap(({ blocks }) => blocks)
      .filter(({ label }) => label.startsWith('Python'))
    expect(python.length).toBeGreaterThan(0)
    for (const { text } of python) {
      await runFile('python3', ['-c', 'import ast, sys; ast.parse(sys.argv[1])', text])
    }
  },
)
