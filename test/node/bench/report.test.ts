/** The figures of the benchmark, compared to their limits and formatted. */

import { describe, expect, it } from 'vitest'
import { median, repeat, seeded, shuffled } from '../../../bench/figure.ts'
import { formatFigures, formatListings, formatTable, summarize } from '../../../bench/report.ts'

const figures = summarize({
  'warm.throughput_ratio': [1.2, 1.4, 1.3],
  'cold.round_trips': [2, 2],
  'cold.app_ms': [100.5, 7.25],
  'scale.first_ms.1m.slowest': [9, 11, 12],
  'scale.first_ms.1m.none': [1],
  'scale.middle_ms.1m.none': [2.5],
  'scale.last_ms.1m.none': [3],
  'scale.first_ms.1m.dataset+status': [10.5],
  'scale.middle_ms.1m.dataset+status': [100],
  'scale.last_ms.1m.dataset+status': [100.5],
})

it('compares the median of each figure to its limit', () => {
  expect(figures['warm.throughput_ratio']).toEqual({
    median: 1.3,
    min: 1.2,
    max: 1.4,
    isMet: true,
  })
  expect(figures['cold.round_trips']).toEqual({ median: 2, min: 2, max: 2, isMet: false })
  expect(figures['cold.app_ms']).toEqual({ median: 53.875, min: 7.25, max: 100.5 })
})

it.each([
  ['warm.throughput_ratio', 1.3, 1.29],
  ['cold.app_ratio', 1.15, 1.16],
  ['cold.round_trips', 1, 0],
  ['cold.cache_looks', 1, 2],
  ['scale.first_ms.1m.is_latest+status', 10, 10.1],
  ['scale.middle_ms.1m.none', 100, 100.1],
  ['scale.last_ms.1m.slowest', 100, 100.1],
  ['scale.datasets_ms.1m.first', 10, 10.1],
  ['scale.datasets_ms.1m.middle', 20, 20.1],
  ['scale.datasets_ms.1m.search', 60, 60.1],
  ['size1000.ratio', 1.5, 1.6],
  ['crawl.calls', 10, 11],
  ['mix.calls_per_10k', 800, 801],
  ['import.ratio', 2, 2.1],
  ['bundle.gzip_kib', 140, 140.1],
  ['startup.ratio', 3, 3.1],
])('%s may be %d, but not %d', (key, met, missed) => {
  expect(summarize({ [key]: [met] })).toEqual({
    [key]: { median: met, min: met, max: met, isMet: true },
  })
  expect(summarize({ [key]: [missed] })).toEqual({
    [key]: { median: missed, min: missed, max: missed, isMet: false },
  })
})

it.each(['scale.first_ms.10k.slowest', 'mix.calls_per_10k.changes_6'])('%s has no limit', (key) => {
  expect(summarize({ [key]: [9999] })).toEqual({ [key]: { median: 9999, min: 9999, max: 9999 } })
})

it('refuses a figure without a definition', () => {
  expect(() => summarize({ 'warm.sound': [1] })).toThrow('warm.sound has no definition')
})

it('aligns the columns of a plain table', () => {
  const some = summarize({ 'warm.throughput_ratio': [1.2, 1.4, 1.3], 'cold.round_trips': [2] })
  expect(formatTable(some)).toBe(`figure                 median   min   max  limit
warm.throughput_ratio    1.30  1.20  1.40  ≥ 1.3  met
cold.round_trips            2     2     2  = 1    missed`)
})

it('explains each figure in a Markdown table', () => {
  expect(formatFigures(figures)).toBe(`| figure | meaning | median | min | max | limit |
| --- | --- | --- | --- | --- | --- |
| \`warm.throughput_ratio\` | stored pages per second to those of a bare Worker with one cache match | 1.30 | 1.20 | 1.40 | ≥ 1.3 met |
| \`cold.round_trips\` | database calls of one page, at most | 2 | 2 | 2 | = 1 missed |
| \`cold.app_ms\` | latency of a page from the database | 53.9 | 7.25 | 101 |  |
| \`scale.first_ms.1m.slowest\` | database time of the first page of a listing, slowest query | 11 | 9 | 12 | ≤ 10 missed |`)
})

it('has a Markdown table of every filter and pair', () => {
  expect(formatListings(figures)).toBe(`| filters | first page | middle page | last page |
| --- | --- | --- | --- |
| none | 1 | 2.50 | 3 |
| \`dataset\`, \`status\` | 10.5 missed | 100 | 101 missed |`)
})

describe('median', () => {
  it.each([
    [[3, 1, 2], 2],
    [[4, 1, 3, 2], 2.5],
    [[], Number.NaN],
  ])('of %j is %d', (values, expected) => {
    expect(median(values)).toBe(expected)
  })
})

it('drops the values of warm-up runs', async () => {
  expect(await repeat(2, async (run) => ({ run }))).toEqual({ run: [1, 2] })
  expect(await repeat(2, async (run) => ({ run }), 0)).toEqual({ run: [0, 1] })
})

it('sends the same random requests in every benchmark', () => {
  expect(shuffled([1, 2, 3, 4, 5, 6], seeded(1))).toEqual(shuffled([1, 2, 3, 4, 5, 6], seeded(1)))
  expect(shuffled([1, 2, 3, 4, 5, 6], seeded(1)).toSorted()).toEqual([1, 2, 3, 4, 5, 6])
})
