/** The operations of the API. */

import { assetPathSchema } from '../path.ts'
import { assetQuerySchema, datasetQuerySchema } from '../query.ts'
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

const assetPath = parameters(assetPathSchema, 'path')
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

/** `paths`, with GET alone: HEAD is GET without the body, and OPTIONS is the CORS preflight. */
export function paths(origin: string): Record<string, JsonSchema> {
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
            { schema: 'AssetPage', example: exampleAssetPage(origin) },
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
        description:
          '`Link` names the listing of its dataset version, and its TileJSON if it has one.',
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
            { schema: 'DatasetPage', example: exampleDatasetPage(origin) },
            QUERY_HEADERS,
          ),
          ...FAILURES,
        },
      },
    },
    '/livez': {
      get: probe({
        operationId: 'livez',
        summary: 'Whether the Worker runs',
        description: 'Asks nothing else, so that an outage of the database does not fail it.',
      }),
    },
    '/readyz': {
      get: probe({
        operationId: 'readyz',
        summary: 'Whether the database answers',
        description: 'It has to answer within 5 seconds; the result is kept for 30.',
        failures: { 503: 'NotReady' },
      }),
    },
    '/openapi.json': {
      get: {
        operationId: 'getOpenApi',
        summary: 'This document',
        description:
          'The same for everybody, except that `servers` names the origin of the request.',
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

type Probe = {
  operationId: string
  summary: string
  description: string
  failures?: Parameters<typeof responseRefs>[0]
}

function probe({ failures, ...described }: Probe): JsonSchema {
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
