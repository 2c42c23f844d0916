import { expect, it } from 'vitest'
import { readCountries } from '../../../site/map/countries.ts'
import { graticule } from '../../../site/map/graticule.ts'

it('names each country in its largest part', () => {
  const { features } = readCountries().names
  const at = (name: string) => {
    const found = features.find(({ properties }) => properties.name === name)
    return found?.geometry.coordinates.map(Math.round)
  }
  expect(features).toHaveLength(177)
  // Not between France and French Guiana, nor at Russia's end beyond the antimeridian.
  expect(at('France')).toEqual([2, 47])
  expect(at('Russia')).toEqual([100, 62])
  const areas = features.map(({ properties }) => properties.area)
  expect(Math.min(...areas)).toBeGreaterThan(0)
})

it('has borders between countries alone, none of which crosses the map', () => {
  const { coordinates } = readCountries().borders
  const jumps = coordinates.filter((line) =>
    line.some(([x = 0], index) => Math.abs(x - (line[index - 1]?.[0] ?? x)) > 180),
  )
  expect(coordinates.length).toBe(159)
  expect(jumps).toEqual([])
})

it('draws each meridian and parallel once, with the largest step that it is a multiple of', () => {
  const { features } = graticule()
  const named = (step: number) =>
    features
      .filter(({ properties }) => properties.step === step)
      .map(({ properties }) => properties.name)
  expect(features).toHaveLength(360 + 161)
  expect(named(30)).toEqual([
    ...['180°', '150° W', '120° W', '90° W', '60° W', '30° W', '0°'],
    ...['30° E', '60° E', '90° E', '120° E', '150° E', '60° S', '30° S', '0°', '30° N', '60° N'],
  ])
  expect(named(10)).toHaveLength(36 + 17 - 17)
})
