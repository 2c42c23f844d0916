/** The charts of the benchmark. */

import { expect, it } from 'vitest'
import { type Chart, drawChart } from '../../../bench/chart.ts'

const CHART: Chart = {
  title: 'Time < size & rate',
  x: {
    name: 'assets',
    values: [10, 100, 1000],
    labels: ['ten', 'hundred', 'thousand'],
    isLogarithmic: true,
  },
  y: { values: [1, 10, 100], isLogarithmic: true },
  lines: [
    { name: 'first', values: [1, 1, 1] },
    { name: 'last', values: [1, 10, 100] },
  ],
  format: (value) => `${value} ms`,
}

const labels = (svg: string) =>
  [...svg.matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map(([, label]) => label)
const pointsOf = (svg: string) =>
  [...svg.matchAll(/<polyline [^>]*points="([^"]*)"/g)].map(([, points]) => points)
/** The vertical positions of the names at the ends of lines. */
const heightsOf = (svg: string) =>
  [...svg.matchAll(/<text x="\d+" y="([\d.]+)" class="name c\d">/g)].map(([, y]) => Number(y))

it('places values on logarithmic axes', () => {
  expect(pointsOf(drawChart(CHART))).toEqual(['80,340 290,340 500,340', '80,340 290,195 500,50'])
})

it('places values on linear axes', () => {
  const [points] = pointsOf(
    drawChart({
      ...CHART,
      x: { name: 'rate', values: [0, 1, 4], labels: ['0', '1', '4'], isLogarithmic: false },
      y: { values: [0, 100], isLogarithmic: false },
      lines: [{ name: 'calls', values: [0, 50, 100] }],
    }),
  )
  expect(points).toBe('80,340 185,195 500,50')
})

it('writes titles, axes and the last value of each line as text', () => {
  expect(labels(drawChart(CHART))).toEqual([
    'Time &lt; size &amp; rate',
    '1 ms',
    '10 ms',
    '100 ms',
    'ten',
    'hundred',
    'thousand',
    'assets',
    'first: 1 ms',
    'last: 100 ms',
  ])
})

it('keeps the names of lines that end at the same value apart', () => {
  const same = { name: 'other', values: [1, 1, 1] }
  const [first = 0, other = 0, last = 0] = heightsOf(
    drawChart({ ...CHART, lines: [same, same, { name: 'near', values: [1, 1, 1.01] }] }),
  )
  const sorted = [first, other, last].toSorted((a, b) => a - b)
  expect(sorted.map((height, index) => height - (sorted[index - 1] ?? height) >= 18)).toEqual([
    false,
    true,
    true,
  ])
})

it('has colors for light and dark', () => {
  const svg = drawChart(CHART)
  expect(svg).toContain('@media (prefers-color-scheme: dark)')
  expect(svg).toContain('<title>Time &lt; size &amp; rate</title>')
})

it('refuses values without a logarithm, and more lines than colors', () => {
  expect(() => drawChart({ ...CHART, lines: [{ name: 'none', values: [0, 1, 1] }] })).toThrow(
    '0 has no logarithm',
  )
  const lines = Array.from({ length: 5 }, () => ({ name: 'a', values: [1, 1, 1] }))
  expect(() => drawChart({ ...CHART, lines })).toThrow('a chart has at most four lines')
})
