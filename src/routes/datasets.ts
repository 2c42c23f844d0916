/** `GET /datasets`: a page of the datasets, by name, each with its versions. */

import { pageUrl } from '../api/links.ts'
import { renderPage } from '../api/listing-page.ts'
import { loggedQuery } from '../api/logged-query.ts'
import type { datasetQuerySchema } from '../api/query.ts'
import { answerFrom, type CatalogContext } from '../cache/cached-answer.ts'
import { readDatasets } from '../db/catalog.ts'
import type { ValidQuery } from '../middleware/valid-request.ts'

/** @throws {ApiError} 422 past the last page; 503 as `answerFrom` */
export async function listDatasets(
  c: CatalogContext<ValidQuery<typeof datasetQuerySchema>>,
): Promise<Response> {
  const url = c.get('url')
  const query = c.req.valid('query')
  const endpoint = `${url.origin}/datasets`
  const canonicalUrl = pageUrl(endpoint, query)
  c.get('logFields').query = loggedQuery(canonicalUrl.slice(endpoint.length))
  return answerFrom(c, {
    canonicalUrl,
    read: () => readDatasets(c.env, query),
    render: (page) => renderPage(endpoint, query, page),
  })
}
