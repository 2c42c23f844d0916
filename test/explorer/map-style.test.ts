import { expect, it } from 'vitest'
import { mapStyle } from '../../explorer/map-style.ts'

const land = { type: 'MultiPolygon' as const, coordinates: [] }
const tileJson = {
  tilejson: '3.0.0' as const,
  tiles: ['https://tiles.example/{z}/{x}/{y}'],
  scheme: 'xyz' as const,
  name: 'fires v1',
}

it('draws vector tiles by their geometry, from the zooms that are recorded', () => {
  const layers = [{ id: 'fires', fields: {} }]
  const style = mapStyle({ ...tileJson, maxzoom: 9, vector_layers: layers }, land, 'light')
  expect(style.sources.asset).toEqual({
    type: 'vector',
    tiles: ['https://tiles.example/{z}/{x}/{y}'],
    scheme: 'xyz',
    maxzoom: 9,
  })
  const drawn = style.layers.filter((layer) => 'source' in layer && layer.source === 'asset')
  expect(drawn.map(({ type, ...layer }) => [type, 'filter' in layer && layer.filter])).toEqual([
    ['fill', ['==', ['geometry-type'], 'Polygon']],
    ['line', ['==', ['geometry-type'], 'LineString']],
    ['circle', ['==', ['geometry-type'], 'Point']],
  ])
})

it('draws raster tiles as they are', () => {
  const style = mapStyle({ ...tileJson, minzoom: 2 }, land, 'dark')
  expect(style.sources.asset).toEqual({
    type: 'raster',
    tiles: ['https://tiles.example/{z}/{x}/{y}'],
    scheme: 'xyz',
    tileSize: 256,
    minzoom: 2,
  })
  expect(style.layers.map(({ type }) => type)).toEqual(['background', 'fill', 'raster', 'line'])
})
