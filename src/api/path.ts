/** The parameters in paths, as zod schemas. */

import * as z from 'zod'
import { assetQuerySchema, fault } from './query.ts'

const UUID_PATTERN = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** The path of an asset: a UUID (RFC 9562, 4), in lower case. */
export const assetPathSchema = z.object({
  asset_id: z
    .string()
    .refine(
      (value) => UUID_PATTERN.test(value),
      fault('type_error.uuid', 'value is not a valid uuid'),
    )
    .transform((value) => value.toLowerCase())
    .meta({ format: 'uuid', description: 'A UUID.' }),
})

export type AssetPath = z.output<typeof assetPathSchema>

const dataset = assetQuerySchema.shape.dataset.unwrap()
const version = assetQuerySchema.shape.version.unwrap()

export const datasetPathSchema = z.object({ dataset })

export const versionPathSchema = z.object({ dataset, version })

/** A dataset and its version, which can be `latest`. */
export type VersionPath = z.output<typeof versionPathSchema>
