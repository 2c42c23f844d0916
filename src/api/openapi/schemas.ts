/**
 * The API's zod schemas as JSON Schema: components and parameters. The zod schemas are strict, for the
 * tests of responses; what is published lets clients accept keys that are added later, and avoids what
 * generators of clients misunderstand.
 */

import * as z from 'zod'
import {
  bandSchema,
  cogMetadata,
  fieldSchema,
  METADATA_SCHEMAS,
  rasterTileSetMetadata,
  tableMetadata,
  tileCacheMetadata,
} from '../metadata.ts'
import { assetStatusSchema, assetTypeSchema } from '../query.ts'
import * as resource from '../resource.ts'
import { exampleParameters } from './examples.ts'

/** A JSON Schema in the dialect of OpenAPI 3.1. */
export type JsonSchema = Record<string, unknown>

/**
 * The published schemas. Generators name types after them: `Error`, `Field` and `Json` would collide
 * with types of several languages, and `AssetType` with the discriminator that ogen adds to `Asset`.
 */
export const schemas = {
  Asset: resource.assetSchema,
  AssetAnswer: resource.assetAnswerSchema,
  AssetPage: resource.assetPageSchema,
  AssetStatus: assetStatusSchema,
  AssetTypeName: assetTypeSchema,
  Band: bandSchema,
  CogAsset: resource.cogSchema,
  CogMetadata: cogMetadata,
  Dataset: resource.datasetSchema,
  DatasetAnswer: resource.datasetAnswerSchema,
  DatasetPage: resource.datasetPageSchema,
  ErrorMessage: resource.errorSchema,
  Fault: resource.faultSchema,
  Faults: resource.faultsSchema,
  Health: resource.healthSchema,
  MetadataField: fieldSchema,
  PageLinks: resource.pageLinksSchema,
  PageMeta: resource.pageMetaSchema,
  RasterTileSetAsset: resource.rasterTileSetSchema,
  RasterTileSetMetadata: rasterTileSetMetadata,
  TableAsset: resource.tableSchema,
  TableMetadata: tableMetadata,
  TileCacheAsset: resource.tileCacheSchema,
  TileCacheMetadata: tileCacheMetadata,
  TileJson: resource.tileJsonSchema,
  VectorLayer: resource.vectorLayerSchema,
  Version: resource.versionSchema,
  VersionAnswer: resource.versionAnswerSchema,
} satisfies Record<string, z.ZodType>

const published = z.registry<{ id: string }>()
for (const [id, schema] of Object.entries(schemas)) published.add(schema, { id })

/** A reference to a published schema. */
export function schemaRef(name: keyof typeof schemas): JsonSchema {
  return { $ref: toUri(name) }
}

/** All published schemas, by name. */
export function publishedSchemas(): Record<string, JsonSchema> {
  const generated = z.toJSONSchema(published, { uri: toUri, override: simplify })
  // Boundary: zod types what it generates by JSON Schema's own vocabulary.
  const entries = Object.entries(generated.schemas as Record<string, JsonSchema>)
  return Object.fromEntries(entries.map(([name, { $schema, $id, ...schema }]) => [name, schema]))
}

/** The parameters of a schema, as a client sends them. */
export function parameters(schema: z.ZodObject, place: 'query' | 'path'): JsonSchema[] {
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input', override: refer })
  const examples = new Map<string, unknown>(Object.entries(exampleParameters))
  return Object.entries(properties as Record<string, JsonSchema>).map(
    ([name, { description, ...rest }]) => {
      const isNumber = rest.type === 'integer' && rest.default !== undefined
      return {
        name,
        in: place,
        ...(place === 'path' && { required: true }),
        description,
        // The schema parses text, so its default is text too.
        schema: isNumber ? { ...rest, default: Number(rest.default) } : rest,
        example: examples.get(name),
      }
    },
  )
}

function toUri(id: string): string {
  return `#/components/schemas/${id}`
}

type Generated = { zodSchema: z.core.$ZodTypes; jsonSchema: JsonSchema }

/** Changes what zod generates into what clients should rely on, and their generators understand. */
function simplify({ zodSchema, jsonSchema }: Generated): void {
  // Yesterday's clients must accept keys that are added tomorrow.
  if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties
  // An asset without recorded metadata has none of the keys.
  if (metadataSchemas.has(zodSchema)) delete jsonSchema.required
  // A format says enough. JSON has no safe integers, which zod's bounds are.
  if (jsonSchema.format !== undefined) delete jsonSchema.pattern
  delete jsonSchema.propertyNames
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum
  if (isOfAnyJson(zodSchema)) jsonSchema.additionalProperties = true
  if (zodSchema instanceof z.ZodNullable) mergeNull(jsonSchema)
  if (zodSchema instanceof z.ZodTuple) generalizeTuple(jsonSchema)
  if (zodSchema instanceof z.ZodDiscriminatedUnion) addDiscriminator(zodSchema, jsonSchema)
  else if (zodSchema instanceof z.ZodUnion) preferMetadata(zodSchema, jsonSchema)
}

const metadataSchemas = new Set<unknown>(Object.values(METADATA_SCHEMAS))

/** Its `{}` makes openapi-generator's Python client refuse null instead of the object. */
function isOfAnyJson(zodSchema: unknown): boolean {
  return zodSchema instanceof z.ZodRecord && zodSchema.valueType instanceof z.ZodUnknown
}

/** `anyOf: [{ type: x }, { type: 'null' }]` becomes `type: [x, 'null']`, whatever else x has. */
function mergeNull(jsonSchema: JsonSchema): void {
  const [inner] = partsOf(jsonSchema, 'anyOf')
  if (typeof inner?.type !== 'string') return
  delete jsonSchema.anyOf
  Object.assign(jsonSchema, inner, { type: [inner.type, 'null'] })
}

/** Few generators know tuples: a pair of texts becomes an array of two. */
function generalizeTuple(jsonSchema: JsonSchema): void {
  const items = partsOf(jsonSchema, 'prefixItems')
  delete jsonSchema.prefixItems
  const [type] = new Set(items.map((item) => item.type))
  Object.assign(jsonSchema, { items: { type }, minItems: items.length, maxItems: items.length })
}

/** Maps each value of the discriminator to the schema of its variant. */
function addDiscriminator(union: z.ZodDiscriminatedUnion, jsonSchema: JsonSchema): void {
  const propertyName = union.def.discriminator
  const variants = partsOf(jsonSchema, 'oneOf')
  const mapping = union.options.flatMap((option, index) => {
    const values = option instanceof z.ZodObject ? valuesOf(option.shape[propertyName]) : []
    return values.map((value) => [value, variants[index]?.$ref])
  })
  jsonSchema.discriminator = { propertyName, mapping: Object.fromEntries(mapping) }
}

/** Metadata or `{}`: the keys of published metadata are optional anyway. */
function preferMetadata(union: z.ZodUnion, jsonSchema: JsonSchema): void {
  if (!metadataSchemas.has(union.options[0])) return
  const [metadata] = partsOf(jsonSchema, 'anyOf')
  delete jsonSchema.anyOf
  Object.assign(jsonSchema, metadata)
}

/** A parameter that has a published schema refers to it. */
function refer({ zodSchema, jsonSchema }: Generated): void {
  const [name] = Object.entries(schemas).find(([, schema]) => schema === zodSchema) ?? []
  if (name === undefined) return
  delete jsonSchema.type
  delete jsonSchema.enum
  jsonSchema.$ref = toUri(name)
}

function valuesOf(schema: unknown): readonly unknown[] {
  return schema instanceof z.ZodEnum ? schema.options : []
}

/** Boundary: zod types schemas within schemas by JSON Schema's own vocabulary. */
function partsOf(jsonSchema: JsonSchema, keyword: 'anyOf' | 'oneOf' | 'prefixItems') {
  return (jsonSchema[keyword] ?? []) as JsonSchema[]
}
