/** The operations of the API. */

import { assetPathSchema, assetQuerySchema, datasetQuerySchema } from '../query.ts'
import { toTileJson } from '../tile-json.ts'
import { exampleAsset, exampleAssetPage, exampleDatasetPage } from './examples.ts'
import { headerRefs, jsonResponse, responseRefs } from './responses.ts'
import { type JsonSchema, parameters } from './schemas.ts'

/** Headers of every response about the catalog. */
const HEADERS = [
  'ETag',
  'Link',
  'Vary',
  'Age',
  'Cache-Control',
  'Cache-Status',
  'Server-Timing',
] as const
/** Those of routes that take a query. */
const QUERY_HEADERS = [...HEADERS, 'Ignored-Parameters'] as const
const FAILURES = responseRefs({
  304: 'NotModified',
  401: 'Unauthorized',
  403: 'HttpsRequired',
  405: 'MethodNotAllowed',
  422: 'Unprocessable',
  429: 'TooManyRequests',
  503: 'ServiceUnavailable',
  default: 'Unexpected',
})

const assetPath = parameters(assetPathSchema, 'path').map((parameter) => ({
  ...parameter,
  required: true,
  example: exampleAsset.asset_id,
}))
const ifNoneMatch = {
  name: 'If-None-Match',
  in: 'header',
  description: 'Entity tags of stored responses, or `*`.',
  schema: { type: 'string' },
}
const requestId = {
  name: 'X-Request-Id',
  in: 'header',
  description: 'An id of this request, which its response and its log line repeat.',
  schema: { type: 'string', pattern: '^[\\w=-]{1,255}$' },
}

/** `paths`, with GET alone: HEAD is GET without the body, and OPTIONS is the CORS preflight. */
export function paths(): Record<string, JsonSchema> {
  return {
    '/assets': {
      get: {
        operationId: 'listAssets',
        summary: 'A page of assets',
        description: 'Filters combine with AND. Ordered by `created_on`, then `asset_id`.',
        tags: ['catalog'],
        parameters: [...parameters(assetQuerySchema, 'query'), ifNoneMatch, requestId],
        responses: {
          200: jsonResponse(
            'The page.',
            { schema: 'AssetPage', example: exampleAssetPage },
            QUERY_HEADERS,
          ),
          ...FAILURES,
        },
      },
    },
    '/asset/{asset_id}': {
      get: {
        operationId: 'getAsset',
        summary: 'One asset',
        tags: ['catalog'],
        parameters: [...assetPath, ifNoneMatch, requestId],
        responses: {
          200: jsonResponse(
            'The asset.',
            { schema: 'AssetAnswer', example: { data: exampleAsset, status: 'success' } },
            HEADERS,
          ),
          ...FAILURES,
          ...responseRefs({ 404: 'NotFound' }),
        },
      },
    },
    '/asset/{asset_id}/tilejson.json': {
      get: {
        operationId: 'getTileJson',
        summary: 'TileJSON 3.0.0 of a tile cache',
        description:
          'A source for map libraries. 404 for an asset of another type, which `detail` names; 409 for a ' +
          'tile cache that is pending or has failed.',
        tags: ['catalog'],
        parameters: [...assetPath, ifNoneMatch, requestId],
        responses: {
          200: jsonResponse(
            'TileJSON.',
            { schema: 'TileJson', example: toTileJson(exampleAsset) },
            HEADERS,
          ),
          ...FAILURES,
          ...responseRefs({ 404: 'NotFound', 409: 'Conflict' }),
        },
      },
    },
    '/datasets': {
      get: {
        operationId: 'listDatasets',
        summary: 'A page of datasets and their versions',
        description:
          'Ordered by name. Versions are in numeric order, part by part: `v1.9`, `v1.12`, `v20240301`.',
        tags: ['catalog'],
        parameters: [...parameters(datasetQuerySchema, 'query'), ifNoneMatch, requestId],
        responses: {
          200: jsonResponse(
            'The page.',
            { schema: 'DatasetPage', example: exampleDatasetPage },
            QUERY_HEADERS,
          ),
          ...FAILURES,
        },
      },
    },
    '/livez': { get: probe('livez', 'The Worker answers') },
    '/readyz': {
      get: probe('readyz', 'The database answers within 5 seconds; the result is kept for 30', {
        503: 'ServiceUnavailable',
      }),
    },
    '/openapi.json': {
      get: {
        operationId: 'getOpenApi',
        summary: 'This document',
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
            description:
              '`If-None-Match` names the current body. The headers are those of the 200.',
            headers: headerRefs('ETag', 'Cache-Control', 'X-Request-Id'),
          },
          ...responseRefs({ 403: 'HttpsRequired', 405: 'MethodNotAllowed', default: 'Unexpected' }),
        },
      },
    },
  }
}

function probe(
  operationId: string,
  summary: string,
  failures: Parameters<typeof responseRefs>[0] = {},
): JsonSchema {
  return {
    operationId,
    summary,
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
