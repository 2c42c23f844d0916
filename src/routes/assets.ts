/** `GET /assets`: a page of the catalogue. */

import { pageUrl } from '../api/links.ts'
import { renderPage } from '../api/listing-page.ts'
import { loggedQuery } from '../api/logged-query.ts'
import type { assetQuerySchema } from '../api/query.ts'
import type { Asset } from '../api/resource.ts'
import { tileJsonLinks } from '../api/tile-json.ts'
import { answerFrom, type CatalogContext } from '../cache/cached-answer.ts'
import { findHints, learnTotal } from '../cache/keyset.ts'
import { type CatalogPage, readAssets } from '../db/catalog.ts'
import type { ValidQuery } from '../middleware/valid-request.ts'

/** @throws {ApiError} 422 past the last page; 503 as `answerFrom` */
export async function listAssets(
  c: CatalogContext<ValidQuery<typeof assetQuerySchema>>,
): Promise<Response> {
  const { env, executionCtx } = c
  const url = c.get('url')
  const query = c.req.valid('query')
  // Not the path of the request, which may be spelled with escapes.
  const endpoint = `${url.origin}/assets`
  const canonicalUrl = pageUrl(endpoint, query)
  c.get('logFields').query = loggedQuery(canonicalUrl.slice(endpoint.length))
  return answerFrom(c, {
    canonicalUrl,
    async read(prefix, known) {
      const hints = known && (await findHints(prefix, known.revision, endpoint, query))
      const page = await readAssets(env, query, hints)
      executionCtx.waitUntil(
        learnTotal(prefix, page.revision, endpoint, query, page.totalItems, env.STALE_SECONDS),
      )
      return page
    },
    render: (page) => ({
      ...renderPage(endpoint, query, page, tileJsonLinks(page.items)),
      listing: listingNotes(page),
    }),
  })
}

function listingNotes({ totalItems, items }: CatalogPage<Asset>) {
  const [first, last] = [items.at(0), items.at(-1)].map(
    (item) => item && { created_on: item.created_on, asset_id: item.asset_id },
  )
  return { totalItems, first, last }
}
