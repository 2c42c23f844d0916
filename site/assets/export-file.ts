/** Exports a whole listing, page by page, as CSV or NDJSON. */

import {
  type Asset,
  type AssetFilters,
  type AssetPage,
  type CatalogClient,
  CatalogError,
} from '../../packages/client/src/client.ts'
import { MAX_PAGE_SIZE } from '../limits.ts'
import { csvRow } from './csv.ts'

export type ExportFormat = 'csv' | 'ndjson'

/** Everything but `metadata`, which is no value of a cell. */
const COLUMNS = [
  'dataset',
  'version',
  'asset_type',
  'asset_uri',
  'status',
  'asset_id',
  'is_managed',
  'is_downloadable',
  'created_on',
  'updated_on',
] as const satisfies (keyof Asset)[]

const MEDIA_TYPES: Record<ExportFormat, string> = {
  csv: 'text/csv;charset=utf-8;header=present',
  ndjson: 'application/x-ndjson',
}

export type ExportResult = {
  file: Blob
  rows: number
  /** What the API counted on the last page, if that is not what was exported. */
  differentTotal: number | undefined
}

type Options = {
  filters: AssetFilters
  format: ExportFormat
  signal: AbortSignal
  onProgress: (rows: number, total: number) => void
}

/** The file is a `Blob` of one part a page, which browsers can keep on disk. */
export async function exportAssets(
  client: CatalogClient,
  { filters, format, signal, onProgress }: Options,
): Promise<ExportResult> {
  const parts: Blob[] = format === 'csv' ? [new Blob([csvRow(COLUMNS)])] : []
  const ids = new Set<string>()
  let total = 0
  for await (const { data, meta } of allPages(client, filters, signal)) {
    parts.push(new Blob(data.map(format === 'csv' ? toCsv : toNdjson)))
    for (const asset of data) ids.add(asset.asset_id)
    total = Number(meta.total_items)
    onProgress(ids.size, total)
  }
  return {
    file: new Blob(parts, { type: MEDIA_TYPES[format] }),
    rows: ids.size,
    differentTotal: ids.size === total ? undefined : total,
  }
}

export function toCsv(asset: Asset): string {
  return csvRow(COLUMNS.map((name) => asset[name]))
}

export function toNdjson(asset: Asset): string {
  return `${JSON.stringify(asset)}\n`
}

/** A name for the file, made from the filters. */
export function fileName(filters: object, format: ExportFormat): string {
  const values = Object.entries(filters)
    .filter(([name]) => !name.startsWith('page['))
    .map(([name, value]) => (name.startsWith('is_') ? `${name}-${value}` : `${value}`))
  const name = ['assets', ...values].join('-').replace(/[^\w.-]+/g, '-')
  return `${name.slice(0, 100)}.${format}`
}

async function* allPages(
  client: CatalogClient,
  filters: AssetFilters,
  signal: AbortSignal,
): AsyncGenerator<AssetPage> {
  let size = MAX_PAGE_SIZE
  let done = 0
  for (;;) {
    let page: AssetPage
    try {
      const query = { ...filters, 'page[number]': done / size + 1, 'page[size]': size }
      page = await client.listAssets(query, { signal })
    } catch (error) {
      const smaller = nextSize(size)
      if (!isPageTooLarge(error) || smaller === undefined) throw error
      size = smaller
      continue
    }
    yield page
    done += page.data.length
    if (page.links.next === '') return
  }
}

/** Each size divides the one before, so that pages of the next begin where those of the last end. */
function nextSize(size: number): number | undefined {
  return [500, 250, 50, 10, 5, 1].find((smaller) => smaller < size)
}

function isPageTooLarge(error: unknown): boolean {
  return (
    error instanceof CatalogError &&
    error.faults.some(({ type }) => type === 'value_error.page_bytes')
  )
}
