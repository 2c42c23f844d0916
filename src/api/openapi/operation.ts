/** The parts that operations have in common. */

import type * as z from 'zod'
import { type Body, headerRefs, jsonResponse, responseRefs, SUCCESS_HEADERS } from './responses.ts'
import { type JsonSchema, parameters } from './schemas.ts'

/** The headers of successes of routes that take a query. */
const QUERY_HEADERS = [...SUCCESS_HEADERS, 'Ignored-Parameters'] as const
const FAILURES = {
  304: 'NotModified',
  401: 'Unauthorized',
  403: 'HttpsRequired',
  405: 'MethodNotAllowed',
  422: 'Unprocessable',
  429: 'TooManyRequests',
  503: 'ServiceUnavailable',
  default: 'Unexpected',
} as const

const ifNoneMatch = {
  name: 'If-None-Match',
  in: 'header',
  description: 'Entity tags of stored responses, or `*`.',
  schema: { type: 'string' },
  example: '"GZ0MBLyyTLyiTqXCW6hTTVvxoPDZS2Yxvm0TJsUVqfk"',
}
const requestId = {
  name: 'X-Request-Id',
  in: 'header',
  description:
    'An id of this request, which its response and its log line repeat if it has at most 255 ' +
    'characters of `A-Z a-z 0-9 _ - =`.',
  // Without a pattern, because other ids are not refused.
  schema: { type: 'string' },
  example: 'nightly-crawl-42',
}

type CatalogOperation = {
  operationId: string
  summary: string
  description: string
  path?: z.ZodObject
  query?: z.ZodObject
  answer: Body & { description: string }
  /** Failures beside those of every operation, by status. */
  failures?: Parameters<typeof responseRefs>[0]
}

/** An operation on the catalog, which needs a token. */
export function catalogOperation(operation: CatalogOperation): JsonSchema {
  const { operationId, summary, description, path, query, answer, failures } = operation
  return {
    operationId,
    summary,
    description,
    tags: ['catalog'],
    parameters: [
      ...(path ? parameters(path, 'path') : []),
      ...(query ? parameters(query, 'query') : []),
      ifNoneMatch,
      requestId,
    ],
    responses: {
      200: jsonResponse(answer.description, answer, query ? QUERY_HEADERS : SUCCESS_HEADERS),
      ...responseRefs({ ...FAILURES, ...failures }),
    },
  }
}

type Probe = {
  operationId: string
  summary: string
  description: string
  /** Failures beside those of every probe, by status. */
  failures?: Parameters<typeof responseRefs>[0]
}

/** A probe, which needs no token. */
export function probe({ failures, ...described }: Probe): JsonSchema {
  return {
    ...described,
    tags: ['service'],
    security: [],
    parameters: [requestId],
    responses: {
      200: jsonResponse('Yes.', { schema: 'Health', example: { status: 'ok' } }, ['Cache-Control']),
      ...responseRefs({
        403: 'HttpsRequired',
        405: 'MethodNotAllowed',
        ...failures,
        default: 'Unexpected',
      }),
    },
  }
}

/** The operation that answers with the OpenAPI document, without a token. */
export function documentOperation(): JsonSchema {
  return {
    operationId: 'getOpenApi',
    summary: 'This document',
    description: 'The same for everybody, except that `servers` names the origin of the request.',
    tags: ['service'],
    security: [],
    parameters: [ifNoneMatch, requestId],
    responses: {
      200: {
        description: 'OpenAPI 3.1.',
        headers: headerRefs('ETag', 'Cache-Control', 'X-Request-Id'),
        content: { 'application/json': { schema: { type: 'object' } } },
      },
      304: {
        description: '`If-None-Match` names the current body. The headers are those of the 200.',
        headers: headerRefs('ETag', 'Cache-Control', 'X-Request-Id'),
      },
      ...responseRefs({ 403: 'HttpsRequired', 405: 'MethodNotAllowed', default: 'Unexpected' }),
    },
  }
}
