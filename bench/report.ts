/** Compares figures to their limits and formats them as a table. */

import { median, type Runs } from './figure.ts'

/** `limit` and `met` are absent if the figure has no limit. */
export type Summary = {
  median: number
  min: number
  max: number
  runs: number[]
  limit?: string
  met?: boolean
}

type Limit = { text: string; met(median: number, medianOf: (key: string) => number): boolean }

const LIMITS: [pattern: RegExp, limit: Limit][] = [
  [/^warm\.throughput_ratio$/, atLeast(0.75)],
  [/^warm\.cpu_ratio$/, atMost(1.5)],
  [/^cold\.latency_ratio$/, atMost(1.25)],
  [/^cold\.round_trips$/, { text: '= 1', met: (calls) => calls === 1 }],
  [
    /^scale\.sequential_ms\.1m$/,
    {
      text: '≤ 2 × 10k',
      met: (ms, medianOf) => ms <= 2 * medianOf('scale.sequential_ms.10k'),
    },
  ],
  [/^scale\.deep_ms\.1m$/, atMost(60)],
  [/^scale\.first_ms\.1m\.(dataset_version|asset_uri)$/, atMost(5)],
  [/^scale\.first_ms\.1m\./, atMost(150)],
  [/^scale\.repeat_ms\.1m\./, atMost(10)],
  [/^herd\.calls$/, atMost(2)],
  [/^bundle\.gzip_kib$/, atMost(200)],
]

/** Summarizes each figure, and compares its median to its limit. */
export function summarize(runs: Runs): Record<string, Summary> {
  const medianOf = (key: string) => median(runs[key] ?? [])
  return Object.fromEntries(
    Object.entries(runs).map(([key, values]) => {
      const limit = LIMITS.find(([pattern]) => pattern.test(key))?.[1]
      const figure = { median: median(values), min: Math.min(...values), max: Math.max(...values) }
      return [
        key,
        {
          ...figure,
          runs: values,
          ...(limit && { limit: limit.text, met: limit.met(figure.median, medianOf) }),
        },
      ]
    }),
  )
}

/** A plain-text table with aligned columns. */
export function formatTable(figures: Record<string, Summary>): string {
  const rows = Object.entries(figures).map(([key, { median, min, max, limit = '', met }]) => [
    key,
    ...[median, min, max].map(rounded),
    limit,
    met === undefined ? '' : met ? 'met' : 'missed',
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

function rounded(value: number): string {
  if (Number.isInteger(value)) return `${value}`
  return value.toFixed(Math.abs(value) < 10 ? 2 : Math.abs(value) < 100 ? 1 : 0)
}

function atMost(limit: number): Limit {
  return { text: `≤ ${limit}`, met: (median) => median <= limit }
}

function atLeast(limit: number): Limit {
  return { text: `≥ ${limit}`, met: (median) => median >= limit }
}
