/**
 * One asset of a catalogue file: as the API returns it, and who keeps the catalogue by hand may
 * leave out what isn't known. Unknown keys are faults, not dropped.
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

/** What is wrong with an item, and where in it: `metadata.fields[0].name`, empty for the item. */
export interface ItemFault {
  field: string
  reason: string
}

export type CatalogItem = z.infer<typeof itemSchema>

/** Checks one item; returns it, or everything that is wrong with it. */
export function parseItem(value: unknown): { item: CatalogItem } | { faults: ItemFault[] } {
  const faults = valueFaults(value)
  // Schemas recurse too.
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

/** The id of an asset that is given none: always the same for a URI. */
export function derivedAssetId(assetUri: string): string {
  return uuidv5(assetUri, uuidv5.URL)
}

/** The database refuses larger metadata. An import completes it first, with an id if it has none. */
function sizeFaults({ asset_type: type, metadata }: CatalogItem): ItemFault[] {
  const completed = completeMetadata(type, metadata ?? {})
  if (completed.id === null) completed.id = crypto.randomUUID()
  const bytes = jsonbBytes(completed)
  if (bytes <= MAX_METADATA_BYTES) return []
  const reason = `is ${bytes} bytes of JSON in the database, where at most ${MAX_METADATA_BYTES} may be`
  return [{ field: 'metadata', reason }]
}

/** RFC 3339 to the microsecond; GFW's times have no zone and are UTC. */
const time = z.iso
  .datetime({ offset: true, local: true })
  .regex(
    /^(?!0000).{16}:\d\d(\.\d{1,6})?(Z|[+-](0\d|1[0-5]):\d\d)?$/,
    'not an RFC 3339 time to the microsecond',
  )
  .transform((text) => (/(Z|[+-]\d\d:\d\d)$/.test(text) ? text : `${text}Z`))
  .refine(
    (text) => /^\d{4}-/.test(utc(text)) && !utc(text).startsWith('0000'),
    'not in the years 1 to 9999 in UTC',
  )

function utc(text: string): string {
  const time = new Date(text)
  // A text that another check refuses.
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
  // Its keys depend on the type: `metadataSchemas` checks them.
  metadata: z.record(z.string(), z.unknown()).nullish(),
})

const metadataSchemas = new Map<unknown, z.ZodType>(
  ASSET_TYPES.map((type) => [type, recordedSchema(METADATA_SCHEMAS[type].shape).nullish()]),
)

/** What is recorded of a metadata schema: any of its keys, but always a field's name and a band's meaning. */
function recordedSchema(shape: z.ZodRawShape): z.ZodObject {
  const recorded = Object.entries(shape).map(([key, schema]) => [key, recordedKey(key, schema)])
  return z.strictObject(Object.fromEntries(recorded))
}

function recordedKey(key: string, schema: z.core.$ZodType): z.core.$ZodType {
  if (key === 'name' || key === 'pixel_meaning') return z.string()
  // The response shows an element of the wrong type as null; a file must not hold one.
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
 * Postgres stores neither NUL nor halves of surrogate pairs, not even in jsonb. `JSON.parse` makes
 * Infinity of `1e400`, which JSON cannot write.
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
