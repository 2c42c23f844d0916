/** `GET /datasets`: a page of the datasets, by name, each with its versions. */

import { pageUrl } from '../api/links.ts'
import { renderPage } from '../api/listing-page.ts'
import { loggedQuery } from '../api/logged-query.ts'
import type { datasetQuerySchema } from '../api/query.ts'
import { answerFrom, type CatalogContext } from '../cache/cached-answer.ts'
import { readDatasets } from '../db/catalog.ts'
import type { ValidQuery } from '../middleware/valid-request.ts'

const PATH = '/datasets'

/** @throws {ApiError} 422 past the last page; 503 as `answerFrom` */
export async function listDatasets(
  c: CatalogContext<ValidQuery<typeof datasetQuerySchema>>,
): Promise<Response> {
  const query = c.req.valid('query')
  const canonicalPath = pageUrl(PATH, query)
  c.get('logFields').query = loggedQuery(canonicalPath.slice(PATH.length))
  const endpoint = `${c.get('url').origin}${PATH}`
  return answerFrom(c, {
    canonicalPath,
    read: ({ settings }) => readDatasets(settings, query),
    render: (page) => renderPage(page, { endpoint, query }),
  })
}
