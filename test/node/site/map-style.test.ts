import { expect, it } from 'vitest'
import type { TileJson } from '../../../packages/client/src/client.ts'
import { mapStyle } from '../../../site/map/map-style.ts'

const land = { type: 'MultiPolygon' as const, coordinates: [] }
const tileJson: TileJson = {
  tilejson: '3.0.0',
  tiles: ['https://tiles.example/{z}/{x}/{y}'],
  scheme: 'xyz',
  name: 'fires v1',
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
  paint: { 'line-color': '#b3541e', 'line-width': 1.5 },
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
    'circle-stroke-color': '#fbfaf6',
    'circle-stroke-width': 0.5,
  },
}

it('draws vector tiles in a layer per geometry, within the recorded zooms', () => {
  const layers = [{ id: 'fires', fields: {} }]
  expect(mapStyle({ ...tileJson, maxzoom: 9, vector_layers: layers }, land, 'light')).toStrictEqual(
    {
      version: 8,
      sources: {
        land: { type: 'geojson', data: land },
        asset: {
          type: 'vector',
          tiles: ['https://tiles.example/{z}/{x}/{y}'],
          scheme: 'xyz',
          maxzoom: 9,
        },
      },
      layers: [
        { id: 'sea', type: 'background', paint: { 'background-color': '#e8eef2' } },
        { id: 'land', type: 'fill', source: 'land', paint: { 'fill-color': '#fbfaf6' } },
        polygons,
        lines,
        points,
        { id: 'coast', type: 'line', source: 'land', paint: { 'line-color': '#b9c4c9' } },
      ],
    },
  )
})

it('draws raster tiles in a raster layer', () => {
  expect(mapStyle({ ...tileJson, minzoom: 2, tileSize: 256 }, land, 'dark')).toStrictEqual({
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
      { id: 'asset', type: 'raster', source: 'asset' },
      { id: 'coast', type: 'line', source: 'land', paint: { 'line-color': '#4a5a66' } },
    ],
  })
})
