/**
 * The OpenAPI 3.1 document of this API, generated from the schemas that validate. Not by
 * `@hono/zod-openapi` or `hono-openapi`: they generate parameters and schemas, as zod alone does, but
 * not the texts, headers and examples that make up these files.
 */

import { paths } from './paths.ts'
import { headers, responses } from './responses.ts'
import { publishedSchemas } from './schemas.ts'

const DESCRIPTION = `Filter the catalog by query, follow \`links.next\` to its end, and draw a tile cache from its TileJSON.

- Send \`If-None-Match\` with the \`ETag\` of your copy: a 304 costs next to nothing.
- After a 429 or a 503, wait for \`Retry-After\`.
- A change of the catalog is visible within 60 s; \`Cache-Status\` says where a response came from.
- \`HEAD\` is GET without the body. Any origin may read every response (CORS) and send any request header.`

/**
 * @param version of the API
 * @param origin where it is served
 */
export function openApiDocument(version: string, origin: string) {
  return {
    openapi: '3.1.1',
    info: {
      title: 'GFW asset catalog',
      version,
      summary: 'The assets of Global Forest Watch: tile caches, raster tile sets, tables, files.',
      description: DESCRIPTION,
      contact: { name: 'The gfw-assets-edge authors' },
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: origin }],
    security: [{ token: [] }],
    tags: [
      { name: 'catalog', description: 'Assets and datasets. A token is required.' },
      { name: 'service', description: 'The API itself. No token is required.' },
    ],
    paths: paths(origin),
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
