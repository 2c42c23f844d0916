/** The headers of the API's responses in OpenAPI, and a response for each status. */

import type { Fault } from '../resource.ts'
import { exampleFault } from './examples.ts'
import { type JsonSchema, schemaRef } from './schemas.ts'

/** A published schema by name, and an example of it. */
export type Body = { schema: Parameters<typeof schemaRef>[0]; example: unknown }

const text = { type: 'string' }
const seconds = { type: 'integer', minimum: 0 }

/** `components.headers`, by name. */
export const headers = {
  ETag: header('Hash of the body, for `If-None-Match`.', text),
  Link: header(
    'RFC 8288: `first`, `prev`, `next` and `last` of a listing; `collection` of an asset; `tilejson` ' +
      'of it, or of 25 assets of a page at most, relative to the URL of the request; `service-desc`. ' +
      'Under 4 KiB: links that are too long are only in the body.',
    text,
  ),
  Vary: header(
    '`Authorization`: a stored response must not be shown to the bearer of another token.',
    text,
  ),
  Age: header('Seconds since this response was last known to be current.', seconds),
  'Cache-Control': header(
    '`private, max-age=60`; `public, max-age=60` for this document; `no-store` for errors.',
    text,
  ),
  'Cache-Status': header(
    'RFC 9211: `assets; hit; ttl=42; detail=memory` (seconds left of the freshness promise; ' +
      'detail=colo if the page comes from the cache of the data center), ' +
      '`assets; hit; ttl=-130; detail=database-down` (stale), `assets; fwd=uri-miss; stored`.',
    text,
  ),
  'Server-Timing': header('Milliseconds of `auth`, `cache` and `db`.', text),
  // Not `required`: only a query with unknown parameters has it.
  'Ignored-Parameters': {
    description:
      'The unknown parameters of the query, which are ignored: `page, limit`. At most 10; names of ' +
      'more than 64 characters, or with others than `A-Z a-z 0-9 _ . [ ] -`, are left out.',
    schema: text,
  },
  'X-Request-Id': header("The request's own id, or a new one. The log line has it too.", text),
  'WWW-Authenticate': header(
    'RFC 6750: a bearer token is required; for a bad token, why it is refused.',
    text,
  ),
  'Retry-After': header('Seconds to wait.', seconds),
  Allow: header('`GET, HEAD, OPTIONS`.', text),
}

/** Headers of every successful response about the catalog. */
export const SUCCESS_HEADERS = [
  'ETag',
  'Link',
  'Vary',
  'Age',
  'Cache-Control',
  'Cache-Status',
  'Server-Timing',
] as const
/** Headers of every response, errors included, of the routes that need a token. */
const CATALOG = ['Vary', 'Server-Timing'] as const

/** `components.responses`, by name. */
export const responses = {
  NotModified: {
    description: '`If-None-Match` names the current body. The headers are those of the 200.',
    headers: headerRefs(...SUCCESS_HEADERS, 'Ignored-Parameters', 'X-Request-Id'),
  },
  Unauthorized: error(
    'The token is missing or bad; `detail` says what is wrong with it.',
    'The token has expired',
    'WWW-Authenticate',
    ...CATALOG,
  ),
  HttpsRequired: error('Plain HTTP, except on loopback.', 'HTTPS is required'),
  NotFound: error(
    'What the path names does not exist.',
    'Could not find requested asset ffffffff-ffff-ffff-ffff-ffffffffffff',
    ...CATALOG,
    'Ignored-Parameters',
  ),
  MethodNotAllowed: error('The method is not GET, HEAD or OPTIONS.', 'Method Not Allowed', 'Allow'),
  Conflict: error(
    'The asset is pending or has failed.',
    "No tiles: the asset's status is pending",
    ...CATALOG,
    'Ignored-Parameters',
  ),
  SeveralTileCaches: error(
    'Several tile caches match; `detail` names them, and `Link` has the TileJSON of each.',
    '2 tile caches match, ask for one by asset_type, is_default or asset_uri: ' +
      'Dynamic vector tile cache https://tiles.globalforestwatch.org/gfw_oil_palm/v20191031/dynamic/{z}/{x}/{y}.pbf, ' +
      'Static vector tile cache https://tiles.globalforestwatch.org/gfw_oil_palm/v20191031/default/{z}/{x}/{y}.pbf',
    'Link',
    ...CATALOG,
    'Ignored-Parameters',
  ),
  Unprocessable: error(
    'All faults of the request, in the order of its parameters. A page past the last one is a fault, ' +
      'and so is a page of assets over 6 MiB, whose `msg` suggests a `page[size]`.',
    [exampleFault],
    ...CATALOG,
    'Ignored-Parameters',
  ),
  TooManyRequests: error(
    'More than 600 requests a minute of one token subject in a data center.',
    'Too Many Requests',
    'Retry-After',
    ...CATALOG,
  ),
  ServiceUnavailable: error(
    'The database cannot be reached, and no stored page can stand in.',
    'Service Unavailable',
    'Retry-After',
    ...CATALOG,
    'Ignored-Parameters',
  ),
  NotReady: error('The database does not answer.', 'Service Unavailable', 'Retry-After'),
  Unexpected: error(
    '400 for a malformed `Host`; 500 for a fault of the server.',
    'Internal Server Error',
  ),
}

/** A response with a JSON body and these headers. */
export function jsonResponse(
  description: string,
  body: Body,
  names: readonly (keyof typeof headers)[],
): JsonSchema {
  return {
    description,
    headers: headerRefs(...names, 'X-Request-Id'),
    content: { 'application/json': { schema: schemaRef(body.schema), example: body.example } },
  }
}

/** References to responses of `components`, by status. */
export function responseRefs(byStatus: Record<string, keyof typeof responses>): JsonSchema {
  return Object.fromEntries(
    Object.entries(byStatus).map(([status, name]) => [
      status,
      { $ref: `#/components/responses/${name}` },
    ]),
  )
}

/** References to headers of `components`, by name. */
export function headerRefs(...names: (keyof typeof headers)[]): JsonSchema {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]))
}

function error(
  description: string,
  detail: string | Fault[],
  ...names: (keyof typeof headers)[]
): JsonSchema {
  const schema = typeof detail === 'string' ? 'ErrorMessage' : 'Faults'
  return jsonResponse(description, { schema, example: { detail } }, ['Cache-Control', ...names])
}

function header(description: string, schema: JsonSchema): JsonSchema {
  return { description, required: true, schema }
}
