/** The figures in docs/benchmarks.md: a section between two markers, and its charts. */

import { drawChart } from './chart.ts'
import { type Figures, formatFigures, formatListings, rounded } from './report.ts'

export type Results = {
  /** For example `2026-11-26`. */
  date: string
  /** The commit that was measured. */
  commit: string
  /** Processor, database and Node. */
  system: string
  figures: Figures
}

const START = '<!-- figures, written by the benchmark -->\n'
const END = '<!-- end of the figures -->\n'

/** The folder of the charts, relative to the document's. */
const FOLDER = 'benchmarks'
/** Changes a minute, by the suffix of the figures' keys. */
const CHANGES = { '.changes_0': 0, '': 1, '.changes_6': 6 }
const CALL_LINES = {
  'mix.calls_per_10k': 'database calls',
  'mix.states_per_10k': 'new or changed pages',
}
const SIZES = { '10k': 10_000, '100k': 100_000, '1m': 1_000_000 }
const SIZE_LINES = {
  'scale.last_ms.*.slowest': 'assets, last page',
  'scale.middle_ms.*.slowest': 'assets, middle page',
  'scale.first_ms.*.slowest': 'assets, first page',
  'scale.datasets_ms.*.search': 'datasets, search',
}

/** Replaces the section between the markers. Throws if they are missing. */
export function replaceSection(document: string, results: Results): string {
  const [before, rest] = split(document, START)
  const [, after] = split(rest, END)
  return `${before}${START}\n${formatSection(results)}\n${END}${after}`
}

/** The charts, by their path relative to the document's folder. */
export function drawCharts({ figures }: Results): Record<string, string> {
  const medianOf = (key: string) => {
    const figure = figures[key]
    if (!figure) throw new Error(`${key} is missing`)
    return figure.median
  }
  const sizes = Object.entries(SIZES)
  const lines = Object.entries(SIZE_LINES).map(([key, name]) => ({
    name,
    values: sizes.map(([size]) => medianOf(key.replace('*', size))),
  }))
  const times = lines.flatMap(({ values }) => values)
  const changes = Object.values(CHANGES)
  const callLines = Object.entries(CALL_LINES).map(([key, name]) => ({
    name,
    values: Object.keys(CHANGES).map((suffix) => medianOf(`${key}${suffix}`)),
  }))
  const calls = callLines.flatMap(({ values }) => values)
  return {
    [`${FOLDER}/latency.svg`]: drawChart({
      title: 'Database time of a page, slowest filter or pair',
      x: {
        name: 'assets in the catalog',
        values: sizes.map(([, assets]) => assets),
        labels: sizes.map(([, assets]) => inGroups(assets)),
        isLogarithmic: true,
      },
      y: { values: powersOfTen(times), isLogarithmic: true },
      lines,
      format: (ms) => `${ms < 1000 ? rounded(ms) : inGroups(ms)} ms`,
    }),
    [`${FOLDER}/calls.svg`]: drawChart({
      title: 'Database calls of 10,000 requests for 500 pages',
      x: {
        name: 'changes a minute, each in a random dataset',
        values: changes,
        labels: changes.map(String),
        isLogarithmic: false,
      },
      y: { values: steps(Math.max(...calls)), isLogarithmic: false },
      lines: callLines,
      format: inGroups,
    }),
  }
}

function formatSection({ date, commit, system, figures }: Results): string {
  return `Measured on ${date} at commit \`${commit}\`: ${system}.

![Line chart: database time of a page by the number of assets](${FOLDER}/latency.svg)

![Line chart: database calls by the number of changes a minute](${FOLDER}/calls.svg)

${formatFigures(figures)}

Database time in ms of every filter alone and every pair, in the catalog of 1,000,000 assets:

${formatListings(figures)}
`
}

function split(text: string, marker: string): [before: string, after: string] {
  const at = text.indexOf(marker)
  if (at < 0) throw new Error(`the document has no line ${marker.trim()}`)
  return [text.slice(0, at), text.slice(at + marker.length)]
}

/** From the one below the smallest value to the one above the largest. */
function powersOfTen(values: number[]): number[] {
  const least = Math.floor(Math.log10(Math.min(...values)))
  const most = Math.ceil(Math.log10(Math.max(...values)))
  return Array.from({ length: most - least + 1 }, (_, index) => 10 ** (least + index))
}

/** Four or five steps from 0 to at least `largest`. */
function steps(largest: number): number[] {
  const size = [1, 2, 5, 10]
    .map((factor) => factor * 10 ** Math.floor(Math.log10(largest / 4)))
    .find((step) => step * 5 >= largest)
  return Array.from({ length: 6 }, (_, index) => index * (size ?? largest))
}

/** Such as `1,000`. */
function inGroups(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 0 })
}
