/** What the API answers with, in OpenAPI's words: headers, and a response for each status. */

import { exampleFault } from './examples.ts'
import { type JsonSchema, schemaRef } from './schemas.ts'

const text = { type: 'string' }
const seconds = { type: 'integer', minimum: 0 }

/** `components.headers`: by their own name. */
export const headers = {
  ETag: header('Hash of the body, for `If-None-Match`.', text),
  Link: header(
    'RFC 8288: `first`, `prev`, `next` and `last` of a listing; `collection` of an asset; `tilejson` ' +
      'of it, or of 25 assets of a page at most, relative to the URL of the request; `service-desc`. ' +
      'Under 4 KiB: links of a listing that are too long are in the body alone.',
    text,
  ),
  Vary: header('`Authorization`: a page is kept for the token that it was read with.', text),
  Age: header('Seconds since this was last known to be current.', seconds),
  'Cache-Control': header(
    '`private, max-age=60`; `public, max-age=60` of this document; `no-store` of errors.',
    text,
  ),
  'Cache-Status': header(
    'RFC 9211: `assets; hit; ttl=42` (seconds left of the freshness promise), ' +
      '`assets; hit; ttl=-130; detail=database-down` (stale), `assets; fwd=uri-miss; stored`.',
    text,
  ),
  'Server-Timing': header('Milliseconds of `auth`, `cache` and `db`.', text),
  'X-Request-Id': header("The caller's, or a new one; the log has it too.", text),
  'WWW-Authenticate': header(
    'RFC 6750: a bearer token is required, and why this one is refused.',
    text,
  ),
  'Retry-After': header('Seconds to wait.', seconds),
  Allow: header('`GET, HEAD, OPTIONS`.', text),
}

/** `components.responses`: what any operation may answer. */
export const responses = {
  NotModified: {
    description: 'The body is the one that `If-None-Match` names. Headers as of the 200.',
    headers: headerRefs(
      'ETag',
      'Link',
      'Vary',
      'Age',
      'Cache-Control',
      'Cache-Status',
      'Server-Timing',
      'X-Request-Id',
    ),
  },
  Unauthorized: failure(
    'No token, or a bad one: `detail` says what is wrong with it.',
    'Error',
    { detail: 'The token has expired' },
    'WWW-Authenticate',
    'Vary',
  ),
  HttpsRequired: failure('Plain HTTP, except on loopback.', 'Error', {
    detail: 'HTTPS is required',
  }),
  NotFound: failure('There is no such thing.', 'Error', { detail: 'Not Found' }),
  MethodNotAllowed: failure(
    'Another method than GET, HEAD and OPTIONS.',
    'Error',
    { detail: 'Method Not Allowed' },
    'Allow',
  ),
  Conflict: failure('The asset is pending, or has failed.', 'Error', {
    detail: "No tiles: the asset's status is pending",
  }),
  Unprocessable: failure(
    'All faults of the request, in the order of its parameters. A page past the last is one, and so ' +
      'is a page of assets over 6 MiB, whose `msg` says which `page[size]` is small enough.',
    'Faults',
    { detail: [exampleFault] },
  ),
  TooManyRequests: failure(
    'More than 600 requests a minute of one token subject in a data centre.',
    'Error',
    { detail: 'Too Many Requests' },
    'Retry-After',
  ),
  ServiceUnavailable: failure(
    'The database does not answer, and nothing that was read before may stand in.',
    'Error',
    { detail: 'Service Unavailable' },
    'Retry-After',
  ),
  Unexpected: failure('400 for a `Host` that makes no URL; 500 for a fault of ours.', 'Error', {
    detail: 'Internal Server Error',
  }),
}

/** A 200 with a JSON body and the headers that are named. */
export function ok(
  description: string,
  schema: Parameters<typeof schemaRef>[0],
  example: unknown,
  ...names: (keyof typeof headers)[]
): JsonSchema {
  return {
    description,
    headers: headerRefs(...names, 'X-Request-Id'),
    content: { 'application/json': { schema: schemaRef(schema), example } },
  }
}

/** The responses of `components` by status. */
export function responseRefs(byStatus: Record<string, keyof typeof responses>): JsonSchema {
  return Object.fromEntries(
    Object.entries(byStatus).map(([status, name]) => [
      status,
      { $ref: `#/components/responses/${name}` },
    ]),
  )
}

/** The headers of `components` by name. */
export function headerRefs(...names: (keyof typeof headers)[]): JsonSchema {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]))
}

function failure(
  description: string,
  schema: 'Error' | 'Faults',
  example: unknown,
  ...names: (keyof typeof headers)[]
): JsonSchema {
  return ok(description, schema, example, 'Cache-Control', ...names)
}

function header(description: string, schema: JsonSchema): JsonSchema {
  return { description, required: true, schema }
}
