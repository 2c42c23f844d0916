/** `GET /datasets`: a page of the datasets, by name, each with its versions. */

import { pageSearch } from '../api/links.ts'
import { renderPage } from '../api/listing-page.ts'
import { loggedQuery } from '../api/logged-query.ts'
import type { datasetQuerySchema } from '../api/query.ts'
import { answerFrom, type CatalogContext } from '../cache/cached-answer.ts'
import { readDatasets } from '../db/datasets.ts'
import type { ValidQuery } from '../middleware/valid-request.ts'

/** Not the path of a request, which may be spelled with escapes. */
const PATH = '/datasets'

/** @throws {ApiError} 422 past the last page; 503 as `answerFrom` */
export async function listDatasets(
  c: CatalogContext<ValidQuery<typeof datasetQuerySchema>>,
): Promise<Response> {
  const query = c.req.valid('query')
  c.get('logFields').query = loggedQuery(query)
  const { origin } = c.get('url')
  return answerFrom(c, {
    canonicalPath: `${PATH}${pageSearch(query)}`,
    read: (settings) => readDatasets(settings, query),
    render: (page) => renderPage(page, { origin, path: PATH, query }),
  })
}
