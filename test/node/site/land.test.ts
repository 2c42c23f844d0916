import { expect, it } from 'vitest'
import { landOutline } from '../../../site/map/land.ts'

const { coordinates } = landOutline()
const longitudes = (ring: number[][]) => ring.map(([longitude = Number.NaN]) => longitude)

it('has no ring that jumps across the map', () => {
  const jumping = coordinates.flat().filter((ring) => {
    const shoreline = ring.filter(([, latitude = 0]) => latitude > -84)
    return longitudes(shoreline).some((longitude, index, all) => {
      return Math.abs(longitude - (all[index - 1] ?? longitude)) > 180
    })
  })
  expect(coordinates).toHaveLength(125)
  expect(jumping).toEqual([])
})

it('keeps the Caspian Sea inside Eurasia, which crosses the antimeridian', () => {
  const [eurasia = [], caspian = []] = coordinates.find(({ length }) => length > 1) ?? []
  expect(Math.max(...longitudes(eurasia))).toBeGreaterThan(180)
  expect(Math.min(...longitudes(caspian))).toBeGreaterThan(Math.min(...longitudes(eurasia)))
  expect(Math.max(...longitudes(caspian))).toBeLessThan(Math.max(...longitudes(eurasia)))
})

it('closes Antarctica around the pole', () => {
  const antarctica = coordinates
    .flat()
    .filter((ring) => ring.some(([, latitude]) => latitude === -90))
  expect(antarctica).toHaveLength(1)
  for (const ring of antarctica) {
    const [first = []] = ring
    expect(first).toHaveLength(2)
    expect(ring.at(-1)).toEqual(first)
  }
})
