/** `GET /openapi.json`: OpenAPI 3.1 of this API. It needs no token. */

import type { Context } from 'hono'
import { version } from '../../package.json'
import { entityTag, respondUnlessCurrent } from '../api/entity-tag.ts'
import { openApiDocument } from '../api/openapi/document.ts'
import { LruMap } from '../lru-map.ts'

type Served = { body: Uint8Array; etag: string }

/** By origin. Whoever reaches the Worker without Cloudflare can name any host. */
const served = new LruMap<Served>(10)

/** Answers with the document, whose `servers` is the origin of the request. */
export async function describeApi(c: Context<{ Variables: { url: URL } }>): Promise<Response> {
  const { origin } = c.get('url')
  const { body, etag } = served.get(origin) ?? (await serve(origin))
  return respondUnlessCurrent(c, body, {
    'Content-Type': 'application/json',
    ETag: etag,
    'Cache-Control': 'public, max-age=60',
  })
}

async function serve(origin: string): Promise<Served> {
  const body = new TextEncoder().encode(JSON.stringify(openApiDocument(version, origin)))
  const made = { body, etag: await entityTag(body) }
  served.set(origin, made)
  return made
}
