/** Turns a band's recorded values and statistics, in GFW's or GDAL's shape, into table rows. */

export type ValueRow = {
  /** The pixel's value. */
  value: string
  meaning: string
  /** A CSS color, if one is recorded. */
  color: string | undefined
}

export type Histogram = { min: number; max: number; counts: number[] }

export type Statistics = { figures: [name: string, value: string][]; histogram?: Histogram }

/** `values_table`: its rows, then the meaning of all other values. */
export function valueRows(table: object | null | undefined): ValueRow[] {
  const { rows, default_meaning: other } = entriesOf(table)
  const listed = Array.isArray(rows) ? rows.map((row) => toRow(entriesOf(row))) : []
  if (other === null || other === undefined) return listed
  return [...listed, { value: 'other', meaning: toText(other), color: undefined }]
}

/** `statistics`: its figures, and the histogram if it can be drawn. */
export function readStatistics(statistics: object | null | undefined): Statistics {
  const { histogram, ...figures } = entriesOf(statistics)
  const drawn = readHistogram(entriesOf(histogram))
  // One that cannot be drawn is shown as it is recorded.
  const shown = drawn || !histogram ? figures : { ...figures, histogram }
  const named = Object.entries(shown).filter(([, value]) => value !== null)
  return {
    figures: named.map(([name, value]) => [name.replaceAll('_', ' '), toText(value)]),
    ...(drawn && { histogram: drawn }),
  }
}

/** The bucket with the largest count, for those who do not see the bars. */
export function largestBucket({ min, max, counts }: Histogram): { from: number; to: number } {
  const width = (max - min) / counts.length
  const index = counts.indexOf(Math.max(...counts))
  return { from: min + index * width, to: min + (index + 1) * width }
}

/** A number with at most four digits after the point, unless it is very small. A year stays a year. */
export function formatNumber(value: number): string {
  const digits = Math.abs(value) < 0.001 ? { maximumSignificantDigits: 3 } : {}
  return value.toLocaleString('en', { maximumFractionDigits: 4, useGrouping: 'min2', ...digits })
}

function toRow({ value, meaning, color, colour }: Record<string, unknown>): ValueRow {
  return { value: toText(value), meaning: toText(meaning), color: toColor(color ?? colour) }
}

/** GDAL calls the counts `buckets`, GFW's raster analysis calls them `value_count`. */
function readHistogram({ min, max, buckets, value_count }: Record<string, unknown>) {
  const counts = buckets ?? value_count
  if (!isNumber(min) || !isNumber(max) || !Array.isArray(counts)) return undefined
  const isDrawn = counts.length > 0 && counts.every((count) => isNumber(count) && count >= 0)
  return isDrawn && max > min ? { min, max, counts } : undefined
}

/** A color as a CSS color: `#rrggbb`, or GFW's `{ red, green, blue }`. */
function toColor(recorded: unknown): string | undefined {
  if (typeof recorded === 'string') return /^#[\da-f]{3,8}$/i.test(recorded) ? recorded : undefined
  const { red, green, blue } = entriesOf(recorded)
  const isColor = [red, green, blue].every((part) => isNumber(part) && part >= 0 && part <= 255)
  return isColor ? `rgb(${red} ${green} ${blue})` : undefined
}

function toText(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (isNumber(value)) return formatNumber(value)
  return typeof value === 'object' ? JSON.stringify(value) : `${value}`
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}

function entriesOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
