/** Response bodies, as zod schemas whose key order is the response's. The names are GFW's. */

import * as z from 'zod'
import { TABLE_TYPES, TILE_CACHE_TYPES } from './asset-types.ts'
import { cogMetadata, rasterTileSetMetadata, tableMetadata, tileCacheMetadata } from './metadata.ts'
import { assetStatusSchema } from './query.ts'

const time = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z$/)
  .meta({ format: 'date-time', description: 'RFC 3339 in UTC, to the stored microsecond.' })

/** The schema of assets whose types share a metadata schema; `{}` if no metadata is recorded. */
function assetOf<const Types extends readonly [string, ...string[]], Metadata extends z.ZodObject>(
  types: Types,
  metadata: Metadata,
) {
  return z.strictObject({
    created_on: time,
    updated_on: time,
    asset_id: z.guid(),
    dataset: z.string(),
    version: z.string(),
    asset_type: z.enum(types),
    asset_uri: z.string(),
    status: assetStatusSchema,
    is_managed: z.boolean(),
    is_downloadable: z.boolean(),
    metadata: z.union([metadata, z.strictObject({})]),
  })
}

export const tileCacheSchema = assetOf(TILE_CACHE_TYPES, tileCacheMetadata)
export const tableSchema = assetOf(TABLE_TYPES, tableMetadata)
export const rasterTileSetSchema = assetOf(['Raster tile set'], rasterTileSetMetadata)
export const cogSchema = assetOf(['COG'], cogMetadata)

export const assetSchema = z.discriminatedUnion('asset_type', [
  tileCacheSchema,
  tableSchema,
  rasterTileSetSchema,
  cogSchema,
])
export type Asset = z.infer<typeof assetSchema>

/** Versions are in the order of `compareVersions`; `latest` is null if no version is flagged latest. */
export const datasetSchema = z.strictObject({
  dataset: z.string(),
  versions: z.array(z.string()),
  latest: z.string().nullable(),
})
export type Dataset = z.infer<typeof datasetSchema>

// Raw brackets are valid in URLs (WHATWG), but not in the URIs (RFC 3986) of `format: uri`.
const url = z.url().meta({ format: undefined })
/** Clients need no more of its schema than that it is text. */
const neighbor = z.union([url, z.literal('')]).meta({
  type: 'string',
  anyOf: undefined,
  description: 'URL, or `""` at the end of the listing.',
})

export const pageLinksSchema = z.strictObject({
  self: url,
  first: url,
  last: url,
  prev: neighbor,
  next: neighbor,
})
export type PageLinks = z.infer<typeof pageLinksSchema>

const count = z.string().regex(/^\d+$/)

/** Counts are strings, as in GFW's documentation. */
export const pageMetaSchema = z.strictObject({
  size: count,
  total_items: count,
  total_pages: count,
})
export type PageMeta = z.infer<typeof pageMetaSchema>

function pageOf<Item extends z.ZodType>(item: Item) {
  return z.strictObject({
    data: z.array(item),
    status: z.literal('success'),
    links: pageLinksSchema,
    meta: pageMetaSchema,
  })
}

export const assetPageSchema = pageOf(assetSchema)
export type AssetPage = z.infer<typeof assetPageSchema>

export const datasetPageSchema = pageOf(datasetSchema)
export type DatasetPage = z.infer<typeof datasetPageSchema>

export const assetAnswerSchema = z.strictObject({ data: assetSchema, status: z.literal('success') })

export const datasetAnswerSchema = z.strictObject({
  data: datasetSchema,
  status: z.literal('success'),
})

/** `assets` are pairs of type and URI, in the order of listings. */
export const versionSchema = z.strictObject({
  dataset: z.string(),
  version: z.string(),
  is_latest: z.boolean(),
  assets: z.array(z.array(z.string()).length(2)),
})
export type Version = z.infer<typeof versionSchema>

export const versionAnswerSchema = z.strictObject({
  data: versionSchema,
  status: z.literal('success'),
})

export const vectorLayerSchema = z.strictObject({
  id: z.string(),
  fields: z.record(z.string(), z.string()),
})

/**
 * TileJSON 3.0.0 of a tile cache. Only vector tiles have `vector_layers`; only raster tiles have
 * `tileSize`, in pixels, which is MapLibre's key.
 */
export const tileJsonSchema = z.strictObject({
  tilejson: z.literal('3.0.0'),
  tiles: z.array(z.url().meta({ format: 'uri-template' })).length(1),
  scheme: z.literal('xyz'),
  name: z.string(),
  version: z
    .string()
    .regex(/^\d+\.\d+\.\d+$/)
    .optional(),
  minzoom: z.int().min(0).max(30).optional(),
  maxzoom: z.int().min(0).max(30).optional(),
  tileSize: z.int().min(1).optional(),
  vector_layers: z.array(vectorLayerSchema).optional(),
})
export type TileJson = z.infer<typeof tileJsonSchema>

export const healthSchema = z.strictObject({ status: z.literal('ok') })

export const errorSchema = z.strictObject({ detail: z.string() })

/** One fault of a request, in FastAPI's shape. */
export const faultSchema = z.strictObject({
  loc: z
    .tuple([z.enum(['query', 'path']), z.string()])
    .meta({ description: '`query` or `path`, and the name of the parameter.' }),
  msg: z.string(),
  type: z.string(),
})
export type Fault = z.infer<typeof faultSchema>

export const faultsSchema = z.strictObject({ detail: z.array(faultSchema) })
