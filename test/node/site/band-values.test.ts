import fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  formatNumber,
  largestBucket,
  readStatistics,
  valueRows,
} from '../../../site/asset/band-values.ts'

it('reads GFW’s values table, with the meaning of all other values', () => {
  const rows = [
    { value: 1, meaning: 2001 },
    { value: 2, meaning: 'Cropland', color: '#f096ff' },
    { value: 3, meaning: null, color: { red: 0, green: 100, blue: 0, alpha: 255 } },
    { value: 4, meaning: { en: 'Water' }, color: 'url(https://evil.example)' },
    null,
  ]
  expect(valueRows({ rows, default_meaning: 'no loss' })).toEqual([
    { value: '1', meaning: '2001', color: undefined },
    { value: '2', meaning: 'Cropland', color: '#f096ff' },
    { value: '3', meaning: '', color: 'rgb(0 100 0)' },
    { value: '4', meaning: '{"en":"Water"}', color: undefined },
    { value: '', meaning: '', color: undefined },
    { value: 'other', meaning: 'no loss', color: undefined },
  ])
})

it.each([
  ['GDAL', { count: 3, min: -0.5, max: 2.5, buckets: [5, 9, 0] }],
  ['GFW', { bin_count: 3, min: -0.5, max: 2.5, value_count: [5, 9, 0] }],
])('reads statistics with a histogram as %s writes it', (_, histogram) => {
  expect(readStatistics({ min: 0, max: 2, mean: 0.64286, std_dev: null, histogram })).toEqual({
    figures: [
      ['min', '0'],
      ['max', '2'],
      ['mean', '0.6429'],
    ],
    histogram: { min: -0.5, max: 2.5, counts: [5, 9, 0] },
  })
})

it('shows a histogram that cannot be drawn as it is recorded', () => {
  const histogram = { min: 0, max: 0, buckets: [5] }
  expect(readStatistics({ histogram })).toEqual({
    figures: [['histogram', '{"min":0,"max":0,"buckets":[5]}']],
  })
})

it('finds the largest bucket', () => {
  expect(largestBucket({ min: 0, max: 30, counts: [1, 5, 2] })).toEqual({ from: 10, to: 20 })
})

it('writes small numbers with digits that matter', () => {
  expect([0, 0.00001234, -12345.678901, 0.5].map(formatNumber)).toEqual([
    '0',
    '0.0000123',
    '-12,345.6789',
    '0.5',
  ])
})

it('reads any recorded JSON without an error', () => {
  const property = fc.property(fc.object({ maxDepth: 3 }), (recorded) => {
    valueRows({ ...recorded, rows: Object.values(recorded) })
    readStatistics({ ...recorded, histogram: recorded })
  })
  expect(fc.check(property).counterexample).toBe(null)
})
