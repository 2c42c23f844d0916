/** `GET /assets`: a page of the catalogue. */

import { pageUrl } from '../api/links.ts'
import { renderPage } from '../api/listing-page.ts'
import { loggedQuery } from '../api/logged-query.ts'
import type { assetQuerySchema } from '../api/query.ts'
import { tileJsonLinks } from '../api/tile-json.ts'
import { answerFrom, type CatalogContext } from '../cache/cached-answer.ts'
import { keysetBounds, readAssetPage } from '../cache/keyset.ts'
import type { ValidQuery } from '../middleware/valid-request.ts'

const PATH = '/assets'

/** @throws {ApiError} 422 past the last page; 503 as `answerFrom` */
export async function listAssets(
  c: CatalogContext<ValidQuery<typeof assetQuerySchema>>,
): Promise<Response> {
  const query = c.req.valid('query')
  // Not the path of the request, which may be spelled with escapes.
  const canonicalPath = pageUrl(PATH, query)
  c.get('logFields').query = loggedQuery(canonicalPath.slice(PATH.length))
  return answerFrom(c, {
    canonicalPath,
    read: (context) => readAssetPage(context, query),
    render: (page) => ({
      ...renderPage(c.get('url').origin + PATH, query, page, tileJsonLinks(page.items)),
      keyset: keysetBounds(page),
    }),
  })
}
