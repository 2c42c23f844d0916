/** `GET /assets`: a page of the catalog. */

import { pageSearch } from '../api/links.ts'
import { pageTooLarge, renderPage } from '../api/listing-page.ts'
import { loggedQuery } from '../api/logged-query.ts'
import type { assetQuerySchema } from '../api/query.ts'
import { tileJsonLinks } from '../api/tile-json.ts'
import { answerFrom, type CatalogContext } from '../cache/cached-answer.ts'
import { readAssets, readFittingSize } from '../db/catalog.ts'
import type { ValidQuery } from '../middleware/valid-request.ts'

/** Not the path of a request, which may be spelled with escapes. */
const PATH = '/assets'

/** @throws {ApiError} 422 past the last page or over 6 MiB; 503 as `answerFrom` */
export async function listAssets(
  c: CatalogContext<ValidQuery<typeof assetQuerySchema>>,
): Promise<Response> {
  const query = c.req.valid('query')
  c.get('logFields').query = loggedQuery(query)
  const { origin } = c.get('url')
  return answerFrom(c, {
    canonicalPath: `${PATH}${pageSearch(query)}`,
    scope: query.dataset,
    read: (settings) => readAssets(settings, query),
    render: (page) =>
      renderPage(page, { origin, path: PATH, query, itemLinks: tileJsonLinks(page.items) }),
    tooLarge: async (settings) =>
      pageTooLarge(query['page[size]'], await readFittingSize(settings, query)),
  })
}
