import { expect, it } from 'vitest'
import { boundsOf } from '../../../site/map/data-bounds.ts'

it('finds the bounds of geometries of all types', () => {
  expect(
    boundsOf([
      { type: 'Point', coordinates: [10, 5] },
      {
        type: 'MultiPolygon',
        coordinates: [
          [
            [
              [-60, -20],
              [-50, -20],
              [-50, -10],
              [-60, -20],
            ],
          ],
        ],
      },
      {
        type: 'GeometryCollection',
        geometries: [
          {
            type: 'LineString',
            coordinates: [
              [0, 0],
              [12, 1],
            ],
          },
        ],
      },
    ]),
  ).toEqual([-60, -20, 12, 5])
})

it('ends at the edge of the world, which tiles exceed', () => {
  const coordinates = [
    [-181, -86],
    [181, 86],
  ]
  expect(boundsOf([{ type: 'LineString', coordinates }])).toEqual([-180, -85, 180, 85])
})

it('finds none without coordinates', () => {
  expect(boundsOf([])).toBeUndefined()
  expect(boundsOf([{ type: 'MultiPoint', coordinates: [] }])).toBeUndefined()
})
