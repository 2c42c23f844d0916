/** `GET /assets`: a page of the catalog. */

import { pageSearch } from '../api/links.ts'
import { pageTooLarge, renderPage } from '../api/listing-page.ts'
import { loggedQuery } from '../api/logged-query.ts'
import type { AssetQuery, assetQuerySchema } from '../api/query.ts'
import type { Asset } from '../api/resource.ts'
import { tileJsonLinks } from '../api/tile-json.ts'
import { answerFrom, type CatalogContext } from '../cache/cached-answer.ts'
import { readAhead } from '../cache/read-ahead.ts'
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
  const render = (items: Asset[], totalItems: number, query: AssetQuery) =>
    renderPage(
      { items, totalItems },
      { origin, path: PATH, query, itemLinks: tileJsonLinks(items) },
    )
  return readAhead(`${origin}${PATH}`, query, (pages) =>
    answerFrom(c, {
      canonicalPath: pathOf(query),
      scope: query.dataset,
      read: (settings) => readAssets(settings, query, pages),
      render: ({ items, totalItems, following }) => ({
        ...render(items, totalItems, query),
        following: following.map((items, index) => {
          const next = { ...query, 'page[number]': query['page[number]'] + BigInt(index + 1) }
          return { canonicalPath: pathOf(next), render: () => render(items, totalItems, next) }
        }),
      }),
      tooLarge: async (settings) =>
        pageTooLarge(query['page[size]'], await readFittingSize(settings, query)),
    }),
  )
}

function pathOf(query: AssetQuery): string {
  return `${PATH}${pageSearch(query)}`
}
