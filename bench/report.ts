/** Summarizes figures, and formats them as tables. */

import { definitionOf } from './definitions.ts'
import { median, type Runs } from './figure.ts'

/** `isMet` is absent if the figure has no limit. */
export type Summary = { median: number; min: number; max: number; isMet?: boolean }
export type Figures = Record<string, Summary>

/** Every filter alone and every pair have a table of their own. */
const LISTING_KEY = /^scale\.(first|middle|last)_ms\.1m\.(?!slowest$)(.+)$/

/** Summarizes the runs of each figure, and compares its median to its limit. */
export function summarize(runs: Runs): Figures {
  return Object.fromEntries(
    Object.entries(runs).map(([key, values]) => {
      const { limit } = definitionOf(key)
      const middle = median(values)
      const summary = { median: middle, min: Math.min(...values), max: Math.max(...values) }
      return [key, { ...summary, ...(limit && { isMet: limit.isMet(middle) }) }]
    }),
  )
}

/** A plain-text table with aligned columns. */
export function formatTable(figures: Figures): string {
  const rows = Object.entries(figures).map(([key, figure]) => [
    key,
    ...numbersOf(figure),
    limitOf(key),
    verdict(figure),
  ])
  const lines = [['figure', 'median', 'min', 'max', 'limit', ''], ...rows]
  const widths = [0, 1, 2, 3, 4, 5].map((column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  )
  return lines
    .map((line) =>
      line
        .map((cell, column) => {
          const width = widths[column] ?? 0
          return column >= 1 && column <= 3 ? cell.padStart(width) : cell.padEnd(width)
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** A Markdown table of the figures and their meanings, without those of `formatListings`. */
export function formatFigures(figures: Figures): string {
  const rows = Object.entries(figures)
    .filter(([key]) => !LISTING_KEY.test(key))
    .map(([key, figure]) => [
      `\`${key}\``,
      definitionOf(key).meaning,
      ...numbersOf(figure),
      `${limitOf(key)} ${verdict(figure)}`.trim(),
    ])
  return markdownTable(['figure', 'meaning', 'median', 'min', 'max', 'limit'], rows)
}

/** A Markdown table of the medians of every filter alone and every pair, in the largest catalog. */
export function formatListings(figures: Figures): string {
  const rows = new Map<string, Record<string, string>>()
  for (const [key, figure] of Object.entries(figures)) {
    const [, position = '', filters = ''] = LISTING_KEY.exec(key) ?? []
    if (!filters) continue
    const row = rows.get(filters) ?? {}
    row[position] = `${rounded(figure.median)}${figure.isMet ? '' : ' missed'}`
    rows.set(filters, row)
  }
  return markdownTable(
    ['filters', 'first page', 'middle page', 'last page'],
    [...rows].map(([filters, { first = '', middle = '', last = '' }]) => [
      filters === 'none' ? 'none' : `\`${filters.replaceAll('+', '`, `')}\``,
      first,
      middle,
      last,
    ]),
  )
}

function markdownTable(head: string[], rows: string[][]): string {
  return [head, head.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n')
}

function numbersOf({ median, min, max }: Summary): string[] {
  return [median, min, max].map(rounded)
}

function limitOf(key: string): string {
  return definitionOf(key).limit?.text ?? ''
}

function verdict({ isMet }: Summary): string {
  if (isMet === undefined) return ''
  return isMet ? 'met' : 'missed'
}

/** Three significant digits, and at most two decimals. */
export function rounded(value: number): string {
  if (Number.isInteger(value)) return `${value}`
  return value.toFixed(Math.abs(value) < 10 ? 2 : Math.abs(value) < 100 ? 1 : 0)
}
