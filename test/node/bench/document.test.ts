/** The figures in docs/benchmarks.md. */

import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { drawCharts, replaceSection } from '../../../bench/document.ts'
import { type Figures, summarize } from '../../../bench/report.ts'

const FIGURES: Figures = summarize({
  'cold.round_trips': [1],
  ...Object.fromEntries(
    ['10k', '100k', '1m'].flatMap((size, index) => [
      [`scale.first_ms.${size}.slowest`, [1]],
      [`scale.middle_ms.${size}.slowest`, [2 * 10 ** index]],
      [`scale.last_ms.${size}.slowest`, [3]],
      [`scale.datasets_ms.${size}.search`, [4]],
    ]),
  ),
  'mix.calls_per_10k': [700],
  'mix.calls_per_10k.changes_0': [500],
  'mix.calls_per_10k.changes_6': [1900],
  'mix.states_per_10k': [600],
  'mix.states_per_10k.changes_0': [500],
  'mix.states_per_10k.changes_6': [2000],
})
const RESULTS = { date: '2026-11-26', commit: 'abc1234', system: 'two cores', figures: FIGURES }
const DOCUMENT = `# Benchmarks

<!-- figures, written by the benchmark -->
figures of last year
<!-- end of the figures -->

## Beside others
`

it('replaces the figures between the markers, and nothing else', () => {
  const written = replaceSection(DOCUMENT, RESULTS)
  expect(written.startsWith('# Benchmarks\n\n<!-- figures, written by the benchmark -->\n')).toBe(
    true,
  )
  expect(written.endsWith('\n<!-- end of the figures -->\n\n## Beside others\n')).toBe(true)
  expect(written).not.toContain('figures of last year')
  expect(written).toContain('Measured on 2026-11-26 at commit `abc1234`: two cores.')
  expect(written).toContain('| `cold.round_trips` | database calls of one page, at most | 1 |')
})

it('writes the same document again for the same figures', () => {
  const written = replaceSection(DOCUMENT, RESULTS)
  expect(replaceSection(written, RESULTS)).toBe(written)
})

it('refuses a document without markers', () => {
  expect(() => replaceSection('# Benchmarks\n', RESULTS)).toThrow(
    'the document has no line <!-- figures, written by the benchmark -->',
  )
})

it('draws the calls by the rate of change', () => {
  const { 'benchmarks/calls.svg': svg } = drawCharts(RESULTS)
  // The axis ends at 2,500, at a height of 50 of 340.
  expect(svg).toContain('points="80,282 150,258.8 500,119.6"')
})

it('draws the latency by the size of the catalog', () => {
  const { 'benchmarks/latency.svg': svg } = drawCharts(RESULTS)
  expect(svg).toContain('points="80,')
  expect(svg).toContain('>assets, middle page: 200 ms</text>')
})

it('refuses results without a figure of a chart', () => {
  const { 'mix.calls_per_10k': _, ...others } = FIGURES
  expect(() => drawCharts({ ...RESULTS, figures: others })).toThrow('mix.calls_per_10k is missing')
})

it('is what docs/benchmarks.md shows, charts included', () => {
  const results = JSON.parse(readFileSync('docs/benchmarks/figures.json', 'utf8'))
  const shown = readFileSync('docs/benchmarks.md', 'utf8')
  expect(shown).toBe(replaceSection(shown, results))
  const charts = drawCharts(results)
  const drawn = Object.keys(charts).map((path) => [path, readFileSync(`docs/${path}`, 'utf8')])
  expect(Object.fromEntries(drawn)).toEqual(charts)
})
