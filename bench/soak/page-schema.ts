/** The published shape of a page, by which answers are judged. */

import * as z from 'zod'
import { ASSET_STATUSES, ASSET_TYPES, METADATA_SCHEMAS } from '../../src/resource.ts'

const time = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z$/)
const count = z.string().regex(/^\d+$/)
const link = z.union([z.url(), z.literal('')])

const assetSchema = z
  .strictObject({
    created_on: time,
    updated_on: time,
    asset_id: z.uuid(),
    dataset: z.string(),
    version: z.string(),
    asset_type: z.enum(ASSET_TYPES),
    asset_uri: z.string(),
    status: z.enum(ASSET_STATUSES),
    is_managed: z.boolean(),
    is_downloadable: z.boolean(),
    metadata: z.record(z.string(), z.unknown()),
  })
  .refine(({ asset_type, metadata }) => METADATA_SCHEMAS[asset_type].safeParse(metadata).success, {
    path: ['metadata'],
    error: 'not the metadata of its type',
  })

const pageSchema = z.strictObject({
  data: z.array(assetSchema),
  status: z.literal('success'),
  links: z.strictObject({ self: z.url(), first: z.url(), last: z.url(), prev: link, next: link }),
  meta: z.strictObject({ size: count, total_items: count, total_pages: count }),
})

export type Page = z.infer<typeof pageSchema>

/** Reads a body; throws where it is not a page, or its keys are in another order. */
export function parsePage(body: string): Page {
  const { data: page, error } = pageSchema.safeParse(JSON.parse(body))
  const [issue] = error?.issues ?? []
  if (issue) throw new Error(`${issue.path.join('.')}: ${issue.message}`)
  if (JSON.stringify(page) !== body) throw new Error('keys are not in the order of the schema')
  return page as Page
}
