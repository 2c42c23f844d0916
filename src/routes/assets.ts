/** `GET /assets` and `GET /dataset/{dataset}/{version}/assets`: a page of the catalog. */

import { pageSearch } from '../api/links.ts'
import { pageTooLarge, renderPage } from '../api/listing-page.ts'
import { loggedQuery } from '../api/logged-query.ts'
import type { VersionPath, versionPathSchema } from '../api/path.ts'
import type { AssetQuery, assetQuerySchema, versionAssetQuerySchema } from '../api/query.ts'
import type { Asset } from '../api/resource.ts'
import { tileJsonLinks } from '../api/tile-json.ts'
import { answerFrom, type CatalogContext } from '../cache/cached-answer.ts'
import { readAhead } from '../cache/read-ahead.ts'
import { readAssets, readFittingSize } from '../db/catalog.ts'
import { versionNotFound } from '../errors.ts'
import type { ValidPath, ValidQuery } from '../middleware/valid-request.ts'

/** @throws {ApiError} as `answerListing` */
export function listAssets(
  c: CatalogContext<ValidQuery<typeof assetQuerySchema>>,
): Promise<Response> {
  return answerListing(c, { path: '/assets', query: c.req.valid('query') })
}

/** @throws {ApiError} 404 if the version does not exist; as `answerListing` */
export function listVersionAssets(
  c: CatalogContext<
    ValidPath<typeof versionPathSchema> & ValidQuery<typeof versionAssetQuerySchema>
  >,
): Promise<Response> {
  const version = c.req.valid('param')
  const path = `/dataset/${version.dataset}/${version.version}/assets`
  return answerListing(c, { path, query: c.req.valid('query'), version })
}

type Listing = {
  /** Canonical, unlike the path of a request, which may be spelled with escapes. */
  path: string
  /** What the links of its pages have in their query. */
  query: Omit<AssetQuery, keyof VersionPath>
  /** The version in the path. */
  version?: VersionPath
}

/** @throws {ApiError} 422 past the last page or over 6 MiB; 503 as `answerFrom` */
async function answerListing(
  c: CatalogContext,
  { path, query, version }: Listing,
): Promise<Response> {
  c.get('logFields').query = loggedQuery(query)
  const { origin } = c.get('url')
  const filters: AssetQuery = { ...query, ...version }
  const pathOf = (page: Listing['query']) => `${path}${pageSearch(page)}`
  const render = (items: Asset[], totalItems: number, page: Listing['query']) =>
    renderPage(
      { items, totalItems },
      { origin, path, query: page, itemLinks: tileJsonLinks(items) },
    )
  return readAhead(`${origin}${path}`, query, (pages) =>
    answerFrom(c, {
      canonicalPath: pathOf(query),
      scope: filters.dataset,
      read: (settings) => readAssets(settings, filters, pages),
      render({ items, totalItems, following, missing }) {
        if (version && missing) throw versionNotFound(missing, version)
        return {
          ...render(items, totalItems, query),
          following: following.map((items, index) => {
            const next = { ...query, 'page[number]': query['page[number]'] + BigInt(index + 1) }
            return { canonicalPath: pathOf(next), render: () => render(items, totalItems, next) }
          }),
        }
      },
      tooLarge: async (settings) =>
        pageTooLarge(query['page[size]'], await readFittingSize(settings, filters)),
    }),
  )
}
