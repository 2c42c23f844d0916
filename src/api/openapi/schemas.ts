/** The API's zod schemas as JSON Schema: components and parameters. */

import * as z from 'zod'
import {
  bandSchema,
  cogMetadata,
  fieldSchema,
  json,
  rasterTileSetMetadata,
  tableMetadata,
  tileCacheMetadata,
} from '../metadata.ts'
import * as resource from '../resource.ts'

/** A JSON Schema in the dialect of OpenAPI 3.1. */
export type JsonSchema = Record<string, unknown>

const published = z.registry<{ id: string }>()
/** The published schemas, by name. */
export const schemas = {
  Asset: resource.assetSchema,
  AssetAnswer: resource.assetAnswerSchema,
  AssetPage: resource.assetPageSchema,
  Band: bandSchema,
  CogMetadata: cogMetadata,
  Dataset: resource.datasetSchema,
  DatasetPage: resource.datasetPageSchema,
  Error: resource.errorSchema,
  Fault: resource.faultSchema,
  Faults: resource.faultsSchema,
  Field: fieldSchema,
  Health: resource.healthSchema,
  Json: json,
  PageLinks: resource.pageLinksSchema,
  PageMeta: resource.pageMetaSchema,
  RasterTileSetMetadata: rasterTileSetMetadata,
  TableMetadata: tableMetadata,
  TileCacheMetadata: tileCacheMetadata,
  TileJson: resource.tileJsonSchema,
} satisfies Record<string, z.ZodType>
for (const [id, schema] of Object.entries(schemas)) published.add(schema, { id })

/** A reference to a published schema. */
export function schemaRef(name: keyof typeof schemas): JsonSchema {
  return { $ref: `#/components/schemas/${name}` }
}

/** All published schemas, by name. */
export function publishedSchemas(): Record<string, JsonSchema> {
  const generated = z.toJSONSchema(published, { uri: (id) => `#/components/schemas/${id}` })
  // Boundary: zod types what it generates by JSON Schema's own vocabulary.
  const entries = Object.entries(generated.schemas as Record<string, JsonSchema>)
  return Object.fromEntries(entries.map(([name, { $schema, $id, ...schema }]) => [name, schema]))
}

/** The parameters of a schema, as a client sends them. */
export function parameters(schema: z.ZodObject, place: 'query' | 'path'): JsonSchema[] {
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input' })
  return Object.entries(properties as Record<string, JsonSchema>).map(
    ([name, { description, ...rest }]) => {
      const isNumber = rest.type === 'integer' && rest.default !== undefined
      return {
        name,
        in: place,
        description,
        // The schema parses text, so its default is text too.
        schema: isNumber ? { ...rest, default: Number(rest.default) } : rest,
      }
    },
  )
}
