/** `GET /assets`: a page of the catalogue. */

import { answerFrom, type CatalogContext } from './answer.ts'
import { type CatalogPage, readAssets } from './catalog.ts'
import { findHints, learnTotal } from './listing.ts'
import { renderPage } from './listing-page.ts'
import { loggedQuery } from './logged-query.ts'
import { pageUrl } from './page-url.ts'
import { assetQuerySchema, parseQuery } from './params.ts'
import type { Asset } from './resource.ts'
import { tileJsonLinks } from './tile-json.ts'

/** @throws {ApiError} 422 for a bad query; 503 as `answerFrom` */
export async function listAssets(c: CatalogContext): Promise<Response> {
  const { env, executionCtx } = c
  const url = c.get('url')
  const query = parseQuery(assetQuerySchema, url.searchParams)
  // Not the path of the request, which may be spelled with escapes.
  const endpoint = `${url.origin}/assets`
  const canonicalUrl = pageUrl(endpoint, query)
  c.get('facts').query = loggedQuery(canonicalUrl.slice(endpoint.length))
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
