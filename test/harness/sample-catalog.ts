/**
 * A sample catalog with distinct values, and a model of its listings: filters, order, pages, links
 * and counts in plain JavaScript, independent of the code under test.
 */

import { query, resetCatalog } from './worker.ts'

/** An asset as in responses, and the flags that are only filters. */
export type SampleAsset = {
  wire: {
    created_on: string
    updated_on: string
    asset_id: string
    dataset: string
    version: string
    asset_type: string
    asset_uri: string
    status: string
    is_managed: boolean
    is_downloadable: boolean
    metadata: Record<string, unknown>
  }
  is_latest: boolean
  is_default: boolean
}

/** The latest version is not always the highest, and some datasets have none. */
const VERSIONS: [dataset: string, version: string, isLatest: boolean][] = [
  ['umd_loss', 'v1.9', false],
  ['umd_loss', 'v1.10', true],
  ['umd_loss', 'v2', false],
  ['umd-loss', 'v2', true],
  ['umd-loss', 'v1.10', false],
  ['umd0loss', 'v2', false],
  ['umd0loss', 'v20240301', false],
  ['abc', 'v1.10', true],
]

const TYPES = ['csv', 'COG', 'Raster tile set', 'Raster tile cache'] as const

/** Shared by many assets; their order as text differs from that as times. */
const TIMES = [
  '2019-08-24T14:15:22Z',
  '2019-08-24T14:15:22.000001Z',
  '2019-08-24T14:15:21.999999Z',
  '2019-08-24T14:15:22.100000Z',
  '2019-08-24T14:15:22.000010Z',
]

export const SAMPLE_SIZE = 64

/** Assets with different numbers differ in id, URI, `updated_on` and metadata. */
export function sampleAsset(number: number): SampleAsset {
  const pick = <T>(values: readonly T[], salt: number) =>
    values[scramble(number * 16 + salt) % values.length] as T
  const [dataset, version, is_latest] = pick(VERSIONS, 1)
  const asset_type = pick(TYPES, 2)
  return {
    wire: {
      created_on: pick(TIMES, 3),
      updated_on: new Date(Date.UTC(2024, 0, 1 + (scramble(number) % 300), 0, 0, number))
        .toISOString()
        .replace('.000Z', `.${String(100_000 + number)}Z`),
      asset_id: `${hex(scramble(number + 5000))}-1111-4222-8333-${hex(number)}4444`,
      dataset,
      version,
      asset_type,
      asset_uri: `s3://${hex(scramble(number + 9000))}/é {z}%&"\\${number}`,
      status: pick(['saved', 'saved', 'pending', 'failed', 'pending', 'saved'], 4),
      is_managed: pick([true, false], 5),
      is_downloadable: pick([true, false, true], 6),
      metadata: metadataOf(asset_type, number),
    },
    is_latest,
    is_default: pick([false, true, false], 7),
  }
}

export const SAMPLE_ASSETS = Array.from({ length: SAMPLE_SIZE }, (_, number) => sampleAsset(number))

/** The URI of one asset. */
export const SAMPLE_URI = sampleAsset(17).wire.asset_uri

function metadataOf(type: (typeof TYPES)[number], number: number): Record<string, unknown> {
  const tags = [`tag ${number}`]
  const id = `${hex(scramble(number + 7000))}-5555-4666-8777-${hex(number)}8888`
  if (number % 7 === 0) return {}
  return {
    csv: { tags, fields: null, id },
    COG: { tags, bands: null, block_size: 100 + number, resampling: null, id },
    'Raster tile set': { tags, bands: null, resolution: number + 0.5, id },
    'Raster tile cache': { tags, min_zoom: number % 8, max_zoom: 12, fields: null, id },
  }[type]
}

/** A linear congruential generator, for values without a pattern. */
function scramble(number: number): number {
  let state = number + 1
  for (let step = 0; step < 4; step++) state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
  return state >>> 8
}

function hex(number: number): string {
  return number.toString(16).padStart(8, '0').slice(-8)
}

/** Replaces the catalog. */
export async function storeSample(assets: SampleAsset[]): Promise<void> {
  await resetCatalog([])
  await query(
    `insert into versions (dataset, version, is_latest)
     select * from jsonb_to_recordset($1) as v(dataset text, version text, is_latest boolean)`,
    [
      JSON.stringify(
        VERSIONS.map(([dataset, version, is_latest]) => ({ dataset, version, is_latest })),
      ),
    ],
  )
  await insertSample(assets)
}

export async function insertSample(assets: SampleAsset[]): Promise<void> {
  const columns =
    'created_on, updated_on, asset_id, dataset, version, asset_type, asset_uri, status, is_managed, is_downloadable, metadata, is_default'
  await query(
    `insert into assets (${columns})
     select ${columns} from jsonb_populate_recordset(null::assets, $1)`,
    [JSON.stringify(assets.map(({ wire, is_default }) => ({ ...wire, is_default })))],
  )
}

/** The matching assets in the order of a listing. */
export function listing(
  assets: SampleAsset[],
  matches: (asset: SampleAsset) => boolean,
): SampleAsset['wire'][] {
  return assets
    .filter(matches)
    .map(({ wire }) => wire)
    .sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1))
}

/** Ids have the same length and case, so text order is byte order. */
function orderOf({ created_on, asset_id }: SampleAsset['wire']): string {
  return `${created_on.replace(/:(\d\d)Z$/, ':$1.000000Z')} ${asset_id}`
}

export type PageRequest = { host: string; search: string; number: number; size: number }

export function urlOf({ host, search, number, size }: PageRequest): string {
  return `${host}/assets?${search === '' ? '' : `${search}&`}page[number]=${number}&page[size]=${size}`
}

/** The expected status and body of a page; `search` must be canonical. */
export function pageOf(listed: SampleAsset['wire'][], request: PageRequest): [number, unknown] {
  const { number, size } = request
  const pages = listed.length === 0 ? 1 : Math.ceil(listed.length / size)
  if (number > pages) {
    const msg = `Page number ${number} is larger than the total page count: ${pages}`
    return [422, { detail: [{ loc: ['query', 'page[number]'], msg, type: 'value_error.page' }] }]
  }
  const link = (other: number) => urlOf({ ...request, number: other })
  return [
    200,
    {
      data: listed.slice((number - 1) * size, number * size),
      status: 'success',
      links: {
        self: link(number),
        first: link(1),
        last: link(pages),
        prev: number === 1 ? '' : link(number - 1),
        next: number === pages ? '' : link(number + 1),
      },
      meta: { size: `${size}`, total_items: `${listed.length}`, total_pages: `${pages}` },
    },
  ]
}
