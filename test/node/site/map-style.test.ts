import { validateStyleMin } from '@maplibre/maplibre-gl-style-spec'
import { expect, it } from 'vitest'
import type { TileJson } from '../../../packages/client/src/client.ts'
import { readCountries } from '../../../site/map/countries.ts'
import { landOutline } from '../../../site/map/land.ts'
import { type MapLook, mapStyle } from '../../../site/map/map-style.ts'
import type { TileFeature } from '../../../site/map/tile-feature.ts'

const land = { type: 'MultiPolygon' as const, coordinates: [] }
const tileJson: TileJson = {
  tilejson: '3.0.0',
  tiles: ['https://tiles.example/{z}/{x}/{y}'],
  scheme: 'xyz',
  name: 'fires v1',
}

const look: MapLook = {
  scheme: 'light',
  opacity: 1,
  hasGraticule: false,
  countries: undefined,
  selected: undefined,
}

const polygons = {
  id: 'asset fires polygons',
  type: 'fill',
  source: 'asset',
  'source-layer': 'fires',
  filter: ['==', ['geometry-type'], 'Polygon'],
  paint: { 'fill-color': '#b3541e', 'fill-opacity': 0.45, 'fill-outline-color': '#b3541e' },
}
const lines = {
  id: 'asset fires lines',
  type: 'line',
  source: 'asset',
  'source-layer': 'fires',
  filter: ['==', ['geometry-type'], 'LineString'],
  paint: { 'line-color': '#b3541e', 'line-width': 1.5, 'line-opacity': 1 },
}
const points = {
  id: 'asset fires points',
  type: 'circle',
  source: 'asset',
  'source-layer': 'fires',
  filter: ['==', ['geometry-type'], 'Point'],
  paint: {
    'circle-color': '#b3541e',
    'circle-radius': ['interpolate', ['linear'], ['zoom'], 0, 2, 12, 6],
    'circle-opacity': 1,
    'circle-stroke-color': '#fbfaf6',
    'circle-stroke-width': 0.5,
    'circle-stroke-opacity': 1,
  },
}

it('draws vector tiles in a layer per geometry, within the recorded zooms', () => {
  const layers = [{ id: 'fires', fields: {} }]
  const style = mapStyle({ ...tileJson, maxzoom: 9, vector_layers: layers }, land, look)
  expect(style.sources).toStrictEqual({
    land: { type: 'geojson', data: land },
    asset: {
      type: 'vector',
      tiles: ['https://tiles.example/{z}/{x}/{y}'],
      scheme: 'xyz',
      maxzoom: 9,
    },
    hover: { type: 'geojson', data: { type: 'FeatureCollection', features: [] } },
  })
  expect(style.layers.slice(0, 6)).toStrictEqual([
    { id: 'sea', type: 'background', paint: { 'background-color': '#e8eef2' } },
    { id: 'land', type: 'fill', source: 'land', paint: { 'fill-color': '#fbfaf6' } },
    polygons,
    lines,
    points,
    { id: 'coast', type: 'line', source: 'land', paint: { 'line-color': '#b9c4c9' } },
  ])
  expect(style.layers.slice(6).map(({ id }) => id)).toEqual([
    'hover polygon',
    'hover line',
    'hover point',
  ])
})

it('draws raster tiles in a raster layer, with the chosen opacity', () => {
  const dark: MapLook = { ...look, scheme: 'dark', opacity: 0.3 }
  expect(mapStyle({ ...tileJson, minzoom: 2, tileSize: 256 }, land, dark)).toStrictEqual({
    version: 8,
    sources: {
      land: { type: 'geojson', data: land },
      asset: {
        type: 'raster',
        tiles: ['https://tiles.example/{z}/{x}/{y}'],
        scheme: 'xyz',
        minzoom: 2,
        tileSize: 256,
      },
    },
    layers: [
      { id: 'sea', type: 'background', paint: { 'background-color': '#15202b' } },
      { id: 'land', type: 'fill', source: 'land', paint: { 'fill-color': '#26323c' } },
      { id: 'asset', type: 'raster', source: 'asset', paint: { 'raster-opacity': 0.3 } },
      { id: 'coast', type: 'line', source: 'land', paint: { 'line-color': '#4a5a66' } },
    ],
  })
})

it('outlines the selected feature in every tile, by its id or by its attributes', () => {
  const vector: TileJson = { ...tileJson, vector_layers: [{ id: 'fires', fields: {} }] }
  const filters = (selected: TileFeature) =>
    mapStyle(vector, land, { ...look, selected })
      .layers.filter(({ id }) => id.startsWith('selected'))
      .map((layer) => 'filter' in layer && layer.filter)
  const outline = ['!=', ['geometry-type'], 'Point']
  const point = ['==', ['geometry-type'], 'Point']
  const byId = ['==', ['id'], 7]
  expect(filters({ layer: 'fires', id: 7, attributes: { name: 'a' } })).toEqual([
    ['all', outline, byId],
    ['all', point, byId],
  ])
  const byAttributes = ['all', ['==', ['get', 'name'], 'a'], ['==', ['get', 'area'], 2]]
  expect(filters({ layer: 'fires', id: undefined, attributes: { name: 'a', area: 2 } })).toEqual([
    ['all', outline, byAttributes],
    ['all', point, byAttributes],
  ])
  const nothing = ['==', 0, 1]
  expect(filters({ layer: 'fires', id: undefined, attributes: {} })).toEqual([
    ['all', outline, nothing],
    ['all', point, nothing],
  ])
})

it('makes styles that MapLibre finds valid, with everything shown', () => {
  const vector: TileJson = { ...tileJson, vector_layers: [{ id: 'fires', fields: {} }] }
  const selected = { layer: 'fires', id: undefined, attributes: { name: 'a' } }
  const everything = { ...look, hasGraticule: true, countries: readCountries(), selected }
  expect(validateStyleMin(mapStyle(vector, landOutline(), everything))).toEqual([])
})
