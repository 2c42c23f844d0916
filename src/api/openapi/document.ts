/** `GET /openapi.json`: OpenAPI 3.1 of this API, made from the schemas that validate. No token. */

import type { Context } from 'hono'
import { version } from '../../../package.json'
import { entityTag, respondUnlessCurrent } from '../entity-tag.ts'
import { paths } from './paths.ts'
import { headers, responses } from './responses.ts'
import { publishedSchemas } from './schemas.ts'

const DESCRIPTION = `Filter the catalogue by query, follow \`links.next\` to its end, and draw a tile cache from its TileJSON.

- Send \`If-None-Match\` with the \`ETag\` that you have: a 304 costs next to nothing.
- After a 429 or a 503, wait for \`Retry-After\`.
- A change of the catalogue shows within 60 s; \`Cache-Status\` says where an answer came from.
- \`HEAD\` is GET without the body. Any origin may read every answer (CORS), whatever request headers it sends.`

let served: { body: Uint8Array; etag: string } | undefined

/** The document: made once by an isolate, as it depends on no request. */
export async function describeApi(c: Context): Promise<Response> {
  if (!served) {
    const body = new TextEncoder().encode(JSON.stringify(openApiDocument()))
    served = { body, etag: await entityTag(body) }
  }
  return respondUnlessCurrent(c, served.body, {
    'Content-Type': 'application/json',
    ETag: served.etag,
    'Cache-Control': 'public, max-age=60',
  })
}

/** The description; `servers` is relative: the host that the document came from. */
export function openApiDocument() {
  return {
    openapi: '3.1.1',
    info: {
      title: 'GFW asset catalogue',
      version,
      summary: 'The assets of Global Forest Watch: tile caches, raster tile sets, tables, files.',
      description: DESCRIPTION,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    security: [{ token: [] }],
    tags: [
      { name: 'catalogue', description: 'Assets and datasets; with a token.' },
      { name: 'service', description: 'The API itself; without a token.' },
    ],
    paths: paths(),
    components: {
      schemas: publishedSchemas(),
      headers,
      responses,
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'Signed with HS256, RS256, ES256 or EdDSA; `exp` is required.',
        },
      },
    },
  }
}
