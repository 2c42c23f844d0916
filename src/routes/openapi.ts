/** `GET /openapi.json`: OpenAPI 3.1 of this API. It needs no token. */

import type { Context } from 'hono'
import { version } from '../../package.json'
import { entityTag, respondUnlessCurrent } from '../api/entity-tag.ts'
import { openApiDocument } from '../api/openapi/document.ts'

let served: { body: Uint8Array; etag: string } | undefined

/** Answers with the document, which an isolate makes once: it is the same for every request. */
export async function describeApi(c: Context): Promise<Response> {
  if (!served) {
    const body = new TextEncoder().encode(JSON.stringify(openApiDocument(version)))
    served = { body, etag: await entityTag(body) }
  }
  return respondUnlessCurrent(c, served.body, {
    'Content-Type': 'application/json',
    ETag: served.etag,
    'Cache-Control': 'public, max-age=60',
  })
}
