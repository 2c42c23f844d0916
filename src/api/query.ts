/** The parameters of queries, as zod schemas; faults have GFW's messages and types (pydantic's). */

import * as z from 'zod'
import { ASSET_STATUSES, ASSET_TYPES } from './asset-types.ts'

export const DATASET_PATTERN = /^[a-z][a-z0-9_-]{2,}$/
export const VERSION_PATTERN = /^v\d{1,8}(\.\d{1,3}){0,2}$/
const TRUE_PATTERN = /^(true|t|yes|y|on|1)$/i
const FALSE_PATTERN = /^(false|f|no|n|off|0)$/i

const MAX_URI_BYTES = 2048
const MAX_SEARCH_LENGTH = 100
const NUL_FAULT = fault('value_error.str.nul', 'string must not contain NUL characters')

/** The blanks that Python, and so GFW, accepts around an integer; those of `trim` differ. */
const BLANKS =
  '[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+'
const BLANKS_AROUND = new RegExp(`^${BLANKS}|${BLANKS}$`, 'g')
/** Longer text is refused before the search for blanks, which takes quadratic time. */
const MAX_INTEGER_LENGTH = 100

const positiveInteger = z
  .string()
  .refine(
    (value) => value.length <= MAX_INTEGER_LENGTH && /^[+-]?\d+$/.test(strip(value)),
    fault('type_error.integer', 'value is not a valid integer'),
  )
  .transform((value) => BigInt(strip(value)))
  .refine(
    (value) => value >= 1n,
    fault('value_error.number.not_ge', 'ensure this value is greater than or equal to 1'),
  )

const pageNumber = positiveInteger
  .prefault('1')
  .meta({ type: 'integer', minimum: 1, default: 1, description: 'From 1.' })

const pageSize = positiveInteger
  .refine(
    (value) => value <= 1000n,
    fault('value_error.number.not_le', 'ensure this value is less than or equal to 1000'),
  )
  .transform(Number)
  .prefault('25')
  .meta({
    type: 'integer',
    minimum: 1,
    maximum: 1000,
    default: 25,
    description: 'Items per page; never clamped.',
  })

const flag = z
  .string()
  .refine(
    (value) => TRUE_PATTERN.test(value) || FALSE_PATTERN.test(value),
    fault('type_error.bool', 'value could not be parsed to a boolean'),
  )
  .transform((value) => TRUE_PATTERN.test(value))
  .meta({ type: 'boolean' })

const dataset = atMost(255)
  .refine((value) => DATASET_PATTERN.test(value), mismatch(DATASET_PATTERN.source))
  .meta({ pattern: DATASET_PATTERN.source, description: 'Name of a dataset.' })

// The specification types the version as a number, so the bare number is accepted too.
const version = z
  .string()
  .transform((value) => (/^\d/.test(value) ? `v${value}` : value))
  .refine(
    (value) => value === 'latest' || VERSION_PATTERN.test(value),
    mismatch(`${VERSION_PATTERN.source}|^latest$`),
  )
  .meta({
    pattern: '^(v?\\d{1,8}(\\.\\d{1,3}){0,2}|latest)$',
    description: 'A version, with or without its `v`; `latest`: the versions flagged latest.',
  })

const assetUri = z
  .string()
  .refine(
    // UTF-8 takes at least one byte for each UTF-16 unit: a longer text need not be encoded.
    (value) =>
      value.length <= MAX_URI_BYTES && new TextEncoder().encode(value).length <= MAX_URI_BYTES,
    fault('value_error.any_str.max_length', `ensure this value has at most ${MAX_URI_BYTES} bytes`),
  )
  .refine(isWithoutNul, NUL_FAULT)
  .meta({
    maxLength: MAX_URI_BYTES,
    description: `Exact match; at most ${MAX_URI_BYTES} bytes of UTF-8.`,
  })

/** Canonical: the distinct words in lower case, or undefined if there are none. */
const search = atMost(MAX_SEARCH_LENGTH)
  .refine(isWithoutNul, NUL_FAULT)
  .transform((value) => {
    const words = value.toLowerCase().split(/[\s_-]+/)
    return [...new Set(words)].filter(Boolean).join(' ') || undefined
  })
  .meta({
    description:
      'Words that all occur in the name, in any case. Blanks, `-` and `_` separate words: ' +
      '`Tree cover` finds `umd_tree_cover_loss`.',
  })

export const assetTypeSchema = z
  .enum(ASSET_TYPES, permitted(ASSET_TYPES))
  .meta({ description: 'Type of an asset.' })
export const assetStatusSchema = z
  .enum(ASSET_STATUSES, permitted(ASSET_STATUSES))
  .meta({ description: 'Only `saved` assets can be used.' })

const page = {
  'page[number]': pageNumber,
  'page[size]': pageSize,
}

/** Faults and canonical URLs follow this order. */
export const assetQuerySchema = z.object({
  dataset: dataset.optional(),
  version: version.optional(),
  asset_type: assetTypeSchema.optional(),
  asset_uri: assetUri.optional(),
  is_latest: flag.meta({ description: 'Whether the version is flagged latest.' }).optional(),
  is_default: flag.meta({ description: 'Whether it is a default asset.' }).optional(),
  status: assetStatusSchema.optional(),
  ...page,
})

/** The query of a listing whose path has the dataset and the version. */
export const versionAssetQuerySchema = assetQuerySchema.omit({ dataset: true, version: true })

/** The query of the one tile cache of a version. */
export const tileCacheQuerySchema = assetQuerySchema.pick({
  asset_type: true,
  asset_uri: true,
  is_default: true,
})
export type TileCacheQuery = z.output<typeof tileCacheQuerySchema>

/** A valid query with canonical values. The page number, 1-based, can exceed any integer type. */
export type AssetQuery = z.output<typeof assetQuerySchema>

export const datasetQuerySchema = z.object({ search: search.optional(), ...page })
export type DatasetQuery = z.output<typeof datasetQuerySchema>

/** The parameters that all listings have. */
export type PageQuery = z.output<z.ZodObject<typeof page>>

/** The words of a search, each of which has to occur in the name of a dataset. */
export function searchWords(query: DatasetQuery): string[] {
  return query.search?.split(' ') ?? []
}

function strip(value: string): string {
  return value.replace(BLANKS_AROUND, '')
}

/** One fault a parameter: a refinement that fails ends its validation. */
export function fault(type: string, message: string) {
  return { error: message, params: { type }, abort: true }
}

function mismatch(pattern: string) {
  return fault('value_error.str.regex', `string does not match regex "${pattern}"`)
}

/** Text of Postgres cannot hold this character. */
function isWithoutNul(value: string): boolean {
  return !value.includes('\0')
}

/** Characters are code points, as GFW counts them. */
function atMost(characters: number) {
  return z
    .string()
    .refine(
      (value) =>
        value.length <= characters ||
        // A code point has at most two UTF-16 units: a longer text need not be counted.
        (value.length <= 2 * characters && [...value].length <= characters),
      fault(
        'value_error.any_str.max_length',
        `ensure this value has at most ${characters} characters`,
      ),
    )
    .meta({ maxLength: characters })
}

function permitted(values: readonly string[]): string {
  const list = values.map((value) => `'${value}'`).join(', ')
  return `value is not a valid enumeration member; permitted: ${list}`
}
