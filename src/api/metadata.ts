/** Metadata by asset type, as zod schemas whose key order is the response's. The names are GFW's. */

import * as z from 'zod'
import type { AssetType } from './asset-types.ts'

/** Maximum size of an asset's metadata, in bytes of the JSON that Postgres writes. */
export const MAX_METADATA_BYTES = 1024 * 1024

// Every value is nullable, because a stored value of the wrong type is shown as null.
const text = z.string().nullable()
const flag = z.boolean().nullable()
const jsonObject = z.record(z.string(), z.unknown()).nullable()
const double = z.number().meta({ format: 'double' })
const zoom = z.int().min(0).max(24).nullable()

export const fieldSchema = z.strictObject({
  name: text,
  alias: text,
  description: text,
  data_type: text,
  unit: text,
  is_feature_info: flag,
  is_filter: flag,
})

export type Field = z.infer<typeof fieldSchema>

export const bandSchema = z.strictObject({
  pixel_meaning: text,
  unit: text,
  description: text,
  statistics: jsonObject,
  values_table: jsonObject,
  data_type: text,
  compression: text,
  no_data_value: z.union([z.string(), double, z.null()]),
})

const tags = z.array(text).nullable()
const fields = z.array(fieldSchema.nullable()).nullable()
const bands = z.array(bandSchema.nullable()).nullable()
const id = z.guid().nullable()

export const tableMetadata = z.strictObject({ tags, fields, id })
export const tileCacheMetadata = z.strictObject({
  tags,
  min_zoom: zoom,
  max_zoom: zoom,
  fields,
  id,
})
export const rasterTileSetMetadata = z.strictObject({
  tags,
  bands,
  resolution: double.nullable(),
  id,
})
export const cogMetadata = z.strictObject({
  tags,
  bands,
  block_size: z.int().nullable(),
  resampling: text,
  id,
})

/** The response has all keys of the type's schema, or `{}` if no metadata is recorded. */
export const METADATA_SCHEMAS = {
  'Dynamic vector tile cache': tileCacheMetadata,
  'Static vector tile cache': tileCacheMetadata,
  'Raster tile cache': tileCacheMetadata,
  'Raster tile set': rasterTileSetMetadata,
  'Database table': tableMetadata,
  'Geo database table': tableMetadata,
  'ESRI Shapefile': tableMetadata,
  Geopackage: tableMetadata,
  ndjson: tableMetadata,
  csv: tableMetadata,
  tsv: tableMetadata,
  '1x1 grid': tableMetadata,
  COG: cogMetadata,
} as const satisfies Record<AssetType, z.ZodObject>
export type Metadata = Record<string, unknown>

/** GFW's defaults for keys that are absent or null. */
const FIELD_DEFAULTS: Metadata = { is_feature_info: true, is_filter: true }
const DEFAULTS: Partial<Record<AssetType, Metadata>> = {
  'Dynamic vector tile cache': { min_zoom: 0, max_zoom: 22 },
}

/** Returns the value that the response shows for a recorded one. */
type Show = (recorded: unknown) => unknown

const showMetadata = new Map(
  Object.entries(METADATA_SCHEMAS).map(([type, schema]) => [
    type,
    showObject(schema.shape, DEFAULTS[type as AssetType]),
  ]),
)

/**
 * Recorded metadata as the response shows it: every key of its type, in order; null if nothing, or
 * something of the wrong type, is recorded. `{}` stays `{}`.
 */
export function completeMetadata(type: AssetType, recorded: Metadata): Metadata {
  if (Object.keys(recorded).length === 0) return {}
  return showMetadata.get(type)?.(recorded) as Metadata
}

/**
 * Derives from a schema how its values are shown. The most frequent types are checked here, because
 * zod's own parsing takes several times as long; the schema itself checks the others.
 */
function show(schema: unknown): Show {
  if (schema === fieldSchema) return showObject(fieldSchema.shape, FIELD_DEFAULTS)
  if (schema instanceof z.ZodNullable) return show(schema.unwrap())
  if (schema instanceof z.ZodObject) return showObject(schema.shape)
  if (schema instanceof z.ZodArray) {
    const showElement = show(schema.element)
    return (recorded) =>
      Array.isArray(recorded) ? recorded.map((value) => showElement(value)) : null
  }
  // A value of jsonb is valid JSON.
  if (schema instanceof z.ZodRecord) return (recorded) => (isObject(recorded) ? recorded : null)
  if (schema instanceof z.ZodString && !schema.def.checks?.length) return ofType('string')
  if (schema instanceof z.ZodBoolean) return ofType('boolean')
  if (!(schema instanceof z.ZodType)) throw new TypeError('not a schema')
  return (recorded) => (schema.safeParse(recorded).success ? recorded : null)
}

function showObject(shape: z.ZodRawShape, defaults: Metadata = {}): Show {
  const keys = Object.entries(shape).map(([key, schema]) => ({
    key,
    showValue: show(schema),
    otherwise: defaults[key] ?? null,
  }))
  return (recorded) => {
    if (!isObject(recorded)) return null
    const shown: Metadata = {}
    for (const { key, showValue, otherwise } of keys) {
      const value = recorded[key] ?? null
      shown[key] = value === null ? otherwise : showValue(value)
    }
    return shown
  }
}

function ofType(type: 'string' | 'boolean'): Show {
  return (recorded) => (typeof recorded === type ? recorded : null)
}

function isObject(value: unknown): value is Metadata {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
