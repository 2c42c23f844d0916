/**
 * An asset's `metadata`, by its type, as zod schemas whose key order is the response's. GFW's names
 * stay GFW's.
 */

import * as z from 'zod'
import type { AssetType } from './asset-types.ts'

const text = z.string().nullable()
/** Whatever is recorded. */
export const json = z.json()
const zoom = z.int().min(0).max(24).nullable()

export const fieldSchema = z.strictObject({
  name: z.string(),
  alias: text,
  description: text,
  data_type: text,
  unit: text,
  is_feature_info: z.boolean(),
  is_filter: z.boolean(),
})

export type Field = z.infer<typeof fieldSchema>

export const bandSchema = z.strictObject({
  pixel_meaning: z.string(),
  unit: text,
  description: text,
  statistics: z.record(z.string(), json).nullable(),
  values_table: z.record(z.string(), json).nullable(),
  data_type: text,
  compression: text,
  no_data_value: z.union([z.string(), z.number()]).nullable(),
})

const tags = z.array(z.string()).nullable()
const fields = z.array(fieldSchema).nullable()
const bands = z.array(bandSchema).nullable()
const id = z.guid().nullable()

/** The four shapes of metadata, each with all its keys. */
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
  resolution: z.number().nullable(),
  id,
})
export const cogMetadata = z.strictObject({
  tags,
  bands,
  block_size: z.int().nullable(),
  resampling: text,
  id,
})

/** The keys of `metadata` by asset type; `{}` where an asset has none recorded. */
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

/**
 * Recorded metadata as the response shows it: every key of its type, in order, `null` where
 * nothing is recorded; `{}` stays `{}`. GFW's defaults: a field's flags are true, a dynamic
 * vector tile cache has zooms 0 to 22.
 */
export function completeMetadata(type: AssetType, recorded: Metadata): Metadata {
  if (Object.keys(recorded).length === 0) return {}
  const metadata = complete(METADATA_SCHEMAS[type].shape, recorded)
  if (type === 'Dynamic vector tile cache') {
    metadata.min_zoom ??= 0
    metadata.max_zoom ??= 22
  }
  if (Array.isArray(metadata.fields)) metadata.fields = metadata.fields.map(completeField)
  if (Array.isArray(metadata.bands)) metadata.bands = metadata.bands.map(completeBand)
  return metadata
}

function completeField(recorded: Metadata | null): Metadata {
  const field = complete(fieldSchema.shape, recorded)
  field.is_feature_info ??= true
  field.is_filter ??= true
  return field
}

function completeBand(recorded: Metadata | null): Metadata {
  return complete(bandSchema.shape, recorded)
}

function complete(shape: object, recorded: Metadata | null): Metadata {
  const completed: Metadata = {}
  for (const key in shape) completed[key] = recorded?.[key] ?? null
  return completed
}
