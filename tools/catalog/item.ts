/**
 * Validates one asset of a catalog file: an asset as the API returns it, with most keys optional
 * for files written by hand.
 */

import { v5 as uuidv5 } from 'uuid'
import * as z from 'zod'
import { ASSET_STATUSES, ASSET_TYPES } from '../../src/api/asset-types.ts'
import {
  bandSchema,
  completeMetadata,
  fieldSchema,
  MAX_METADATA_BYTES,
  METADATA_SCHEMAS,
} from '../../src/api/metadata.ts'
import { DATASET_PATTERN, VERSION_PATTERN } from '../../src/api/query.ts'
import { jsonbBytes } from './json-bytes.ts'
import { MAX_DEPTH, TOO_DEEP } from './json-text.ts'

/** `field` is a path such as `metadata.fields[0].name`, or empty for the item itself. */
export interface ItemFault {
  field: string
  reason: string
}

export type CatalogItem = z.infer<typeof itemSchema>

/** Validates one item; returns it, or all of its faults. */
export function parseItem(value: unknown): { item: CatalogItem } | { faults: ItemFault[] } {
  const faults = valueFaults(value)
  // The schemas below recurse too.
  if (faults.some((fault) => fault.reason === TOO_DEEP)) return { faults }
  const parsed = itemSchema.safeParse(value)
  if (!parsed.success) faults.push(...parsed.error.issues.flatMap((issue) => issueFaults(issue)))
  const { asset_type: type, metadata } = {
    asset_type: undefined,
    metadata: undefined,
    ...Object(value),
  }
  const checked = metadataSchemas.get(type)?.safeParse(metadata)
  if (checked?.error) {
    faults.push(...checked.error.issues.flatMap((issue) => issueFaults(issue, ['metadata'])))
  }
  if (!parsed.success || faults.length > 0) return { faults }
  const tooLarge = sizeFaults(parsed.data)
  return tooLarge.length === 0 ? { item: parsed.data } : { faults: tooLarge }
}

/** The id of an asset without one; deterministic for a URI. */
export function derivedAssetId(assetUri: string): string {
  return uuidv5(assetUri, uuidv5.URL)
}

/** The database's limit for metadata, which an import completes, with an id if it has none. */
function sizeFaults({ asset_type: type, metadata }: CatalogItem): ItemFault[] {
  const completed = completeMetadata(type, metadata ?? {})
  if (completed.id === null) completed.id = crypto.randomUUID()
  const bytes = jsonbBytes(completed)
  if (bytes <= MAX_METADATA_BYTES) return []
  const reason = `takes ${bytes} bytes of JSON in the database; the limit is ${MAX_METADATA_BYTES}`
  return [{ field: 'metadata', reason }]
}

/** RFC 3339 with microseconds; times without a zone, such as GFW's, are UTC. */
const time = z.iso
  .datetime({ offset: true, local: true })
  .regex(
    /^(?!0000).{16}:\d\d(\.\d{1,6})?(Z|[+-](0\d|1[0-5]):\d\d)?$/,
    'not an RFC 3339 time with at most six decimals',
  )
  .transform((text) => (/(Z|[+-]\d\d:\d\d)$/.test(text) ? text : `${text}Z`))
  .refine(
    (text) => /^\d{4}-/.test(utc(text)) && !utc(text).startsWith('0000'),
    'not in the years 1 to 9999 in UTC',
  )

function utc(text: string): string {
  const time = new Date(text)
  // Other checks refuse invalid times.
  return Number.isNaN(time.getTime()) ? text : time.toISOString()
}

const flag = z.boolean().optional()

const itemSchema = z.strictObject({
  created_on: time.optional(),
  updated_on: time.optional(),
  asset_id: z.guid().toLowerCase().optional(),
  dataset: z.string().regex(DATASET_PATTERN).max(255),
  version: z.string().regex(VERSION_PATTERN),
  asset_type: z.enum(ASSET_TYPES),
  asset_uri: z
    .string()
    .min(1)
    .refine((uri) => Buffer.byteLength(uri) <= 2048, 'longer than 2048 bytes of UTF-8'),
  status: z.enum(ASSET_STATUSES).optional(),
  is_managed: flag,
  is_downloadable: flag,
  is_latest: flag,
  is_default: flag,
  // `metadataSchemas` validates the keys, which depend on the type.
  metadata: z.record(z.string(), z.unknown()).nullish(),
})

const metadataSchemas = new Map<unknown, z.ZodType>(
  ASSET_TYPES.map((type) => [type, recordedSchema(METADATA_SCHEMAS[type].shape).nullish()]),
)

/** A metadata schema whose keys are optional, except a field's `name` and a band's `pixel_meaning`. */
function recordedSchema(shape: z.ZodRawShape): z.ZodObject {
  const recorded = Object.entries(shape).map(([key, schema]) => [key, recordedKey(key, schema)])
  return z.strictObject(Object.fromEntries(recorded))
}

function recordedKey(key: string, schema: z.core.$ZodType): z.core.$ZodType {
  if (key === 'name' || key === 'pixel_meaning') return z.string()
  // Unlike in a response, an element of the wrong type is refused, not shown as null.
  if (key === 'tags') return z.array(z.string()).nullish()
  if (key === 'fields') return z.array(recordedSchema(fieldSchema.shape)).nullish()
  if (key === 'bands') return z.array(recordedSchema(bandSchema.shape)).nullish()
  return z.nullish(schema)
}

type Path = readonly PropertyKey[]

function issueFaults(issue: z.core.$ZodIssue, parent: Path = []): ItemFault[] {
  const path = [...parent, ...issue.path]
  if (issue.code !== 'unrecognized_keys') {
    return [{ field: fieldOf(path), reason: issue.message }]
  }
  return issue.keys.map((key) => ({ field: fieldOf([...path, key]), reason: 'unknown key' }))
}

/**
 * Finds values that cannot be stored: Postgres refuses NUL and lone surrogates, even in jsonb, and
 * JSON has no Infinity, which `JSON.parse` returns for `1e400`.
 */
function valueFaults(value: unknown, path: Path = []): ItemFault[] {
  if (path.length > MAX_DEPTH) return [{ field: fieldOf(path.slice(0, 3)), reason: TOO_DEEP }]
  if (value === Infinity || value === -Infinity) {
    return [{ field: fieldOf(path), reason: 'is too large a number' }]
  }
  if (typeof value === 'string') {
    if (value.includes('\0')) return [{ field: fieldOf(path), reason: 'contains NUL' }]
    return value.isWellFormed() ? [] : [{ field: fieldOf(path), reason: 'is not Unicode text' }]
  }
  if (Array.isArray(value)) {
    return value.flatMap((part, index) => valueFaults(part, [...path, index]))
  }
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, part]) => [
    ...valueFaults(key, [...path, key]),
    ...valueFaults(part, [...path, key]),
  ])
}

function fieldOf(path: Path): string {
  return path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '')
}
