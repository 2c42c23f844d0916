/** The OpenAPI 3.1 document of this API, made from the schemas that validate. */

import { paths } from './paths.ts'
import { headers, responses } from './responses.ts'
import { publishedSchemas } from './schemas.ts'

const DESCRIPTION = `Filter the catalogue by query, follow \`links.next\` to its end, and draw a tile cache from its TileJSON.

- Send \`If-None-Match\` with the \`ETag\` that you have: a 304 costs next to nothing.
- After a 429 or a 503, wait for \`Retry-After\`.
- A change of the catalogue shows within 60 s; \`Cache-Status\` says where an answer came from.
- \`HEAD\` is GET without the body. Any origin may read every answer (CORS), whatever request headers it sends.`

/** The document of one version of the API. `servers` is relative to the document's own URL. */
export function openApiDocument(version: string) {
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
