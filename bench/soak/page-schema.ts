/** Parses pages by the published schema. */

import { type AssetPage, assetPageSchema } from '../../src/api/resource.ts'

/** Throws if the body is not a page or its keys are in another order. */
export function parsePage(body: string): AssetPage {
  const { data: page, error } = assetPageSchema.safeParse(JSON.parse(body))
  const [issue] = error?.issues ?? []
  if (issue) throw new Error(`${issue.path.join('.')}: ${issue.message}`)
  if (JSON.stringify(page) !== body) throw new Error('keys are not in the order of the schema')
  return page as AssetPage
}
