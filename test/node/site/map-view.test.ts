import { expect, it } from 'vitest'
import type { TileJson } from '../../../packages/client/src/client.ts'
import {
  minZoomOf,
  parseFragment,
  smallestZoom,
  startOf,
  tileZooms,
  toFragment,
  zoomText,
} from '../../../site/map/map-view.ts'

const raster: TileJson = {
  tilejson: '3.0.0',
  tiles: ['https://tiles.example/{z}/{x}/{y}'],
  scheme: 'xyz',
  name: 'fires v1',
  tileSize: 256,
}
const { tileSize: _, ...common } = raster
const vector: TileJson = { ...common, vector_layers: [{ id: 'fires', fields: {} }] }

it('starts with the recorded bounds', () => {
  expect(startOf({ ...raster, bounds: [-74, -34, -53, -22] } as TileJson, 600)).toEqual({
    bounds: [-74, -34, -53, -22],
  })
})

it.each([
  [[10, 0, -10, 5]],
  [[-190, 0, 10, 5]],
  [[-10, 5, 10, 0]],
  [['a', 0, 10, 5]],
  [[0, 0, 10]],
  ['0,0,10,10'],
])('starts with the world if the bounds are %j', (bounds) => {
  expect(startOf({ ...raster, bounds } as TileJson, 1024)).toEqual({
    view: { zoom: 1, latitude: 12, longitude: 0 },
  })
})

it('starts with the world at the smallest zoom that has tiles', () => {
  expect(startOf({ ...vector, minzoom: 3 }, 512)).toMatchObject({ view: { zoom: 3 } })
  // Four tiles of 256 pixels fill a world of zoom 0.
  expect(startOf({ ...raster, minzoom: 3 }, 512)).toMatchObject({ view: { zoom: 2 } })
  expect(startOf({ ...raster, minzoom: 0 }, 256)).toMatchObject({ view: { zoom: -1 } })
  expect(smallestZoom({ ...raster, minzoom: 0 })).toBe(Number.NEGATIVE_INFINITY)
})

it.each([
  { tiles: 'vector', tileJson: vector, zoom: 2.9, shown: 2 },
  { tiles: 'raster', tileJson: raster, zoom: 2.4, shown: 3 },
  { tiles: 'raster', tileJson: raster, zoom: 2.6, shown: 4 },
  { tiles: 'vector, far out,', tileJson: vector, zoom: -1, shown: 0 },
  { tiles: 'vector, below the minimum,', tileJson: { ...vector, minzoom: 3 }, zoom: 2.9 },
  { tiles: 'vector, above the maximum,', tileJson: { ...vector, maxzoom: 9 }, zoom: 15, shown: 9 },
])('shows tiles of zoom $shown ($tiles at zoom $zoom)', ({ tileJson, zoom, shown }) => {
  expect(tileZooms(tileJson, zoom).shown).toBe(shown)
})

it.each([
  [1440, 0],
  [512, 0],
  [256, -1],
  [0, -2],
])('lets a map of %i px zoom out until the world fits, to %d', (width, zoom) =>
  expect(minZoomOf(width)).toBe(zoom),
)

it('writes no zoom below 0', () => {
  expect([-0.34, 0.06, 3].map(zoomText)).toEqual(['Zoom 0.0', 'Zoom 0.1', 'Zoom 3.0'])
})

it('reads the view in a fragment, beside other parameters', () => {
  expect(parseFragment('#map=3.5/-10.25/120')).toEqual({
    zoom: 3.5,
    latitude: -10.25,
    longitude: 120,
  })
  expect(parseFragment('#a=b&map=0/0/0')).toEqual({ zoom: 0, latitude: 0, longitude: 0 })
})

it.each([
  '',
  '#',
  '#map=',
  '#map=1/2',
  '#map=//',
  '#map=a/0/0',
  '#map=1/91/0',
  '#map=99/0/0',
  '#token=x',
])('finds no view in %j', (hash) => expect(parseFragment(hash)).toBeUndefined())

it('writes a view with as many digits as its zoom needs, and reads it back', () => {
  expect(toFragment({ zoom: 0.4321, latitude: 12.3456, longitude: -0.04 })).toBe('#map=0.43/12.3/0')
  const view = { zoom: 14.25, latitude: -3.12346, longitude: 102.65432 }
  expect(toFragment(view)).toBe('#map=14.25/-3.12346/102.65432')
  expect(parseFragment(toFragment(view))).toEqual(view)
})
