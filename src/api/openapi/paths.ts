/** The operations of the API, in OpenAPI's words. */

import { assetQuerySchema, datasetQuerySchema } from '../query.ts'
import { toTileJson } from '../tile-json.ts'
import { exampleAsset, exampleAssetPage, exampleDatasetPage } from './examples.ts'
import { headerRefs, ok, responseRefs } from './responses.ts'
import { type JsonSchema, queryParameters } from './schemas.ts'

/** Of every answer from the catalogue. */
const HEADERS = [
  'ETag',
  'Link',
  'Vary',
  'Age',
  'Cache-Control',
  'Cache-Status',
  'Server-Timing',
] as const
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

const assetId = {
  name: 'asset_id',
  in: 'path',
  required: true,
  schema: { type: 'string', format: 'uuid' },
  example: exampleAsset.asset_id,
}
const ifNoneMatch = {
  name: 'If-None-Match',
  in: 'header',
  description: 'Entity tags that the caller has, or `*`.',
  schema: { type: 'string' },
}
const requestId = {
  name: 'X-Request-Id',
  in: 'header',
  description: 'An id of this request, kept for its answer and its log line.',
  schema: { type: 'string', pattern: '^[\\w=-]{1,255}$' },
}

/** `paths`: what GET does; HEAD is GET without the body, OPTIONS the CORS preflight. */
export function paths(): Record<string, JsonSchema> {
  return {
    '/assets': {
      get: {
        operationId: 'listAssets',
        summary: 'A page of assets',
        description: 'Filters combine with AND. Ordered by `created_on`, then `asset_id`.',
        tags: ['catalogue'],
        parameters: [...queryParameters(assetQuerySchema), ifNoneMatch, requestId],
        responses: { 200: ok('The page.', 'AssetPage', exampleAssetPage, ...HEADERS), ...FAILURES },
      },
    },
    '/asset/{asset_id}': {
      get: {
        operationId: 'getAsset',
        summary: 'One asset',
        tags: ['catalogue'],
        parameters: [assetId, ifNoneMatch, requestId],
        responses: {
          200: ok(
            'The asset.',
            'AssetAnswer',
            { data: exampleAsset, status: 'success' },
            ...HEADERS,
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
          'A source for map libraries. 404 for an asset that is no tile cache, naming its type; ' +
          '409 for one that is pending or has failed.',
        tags: ['catalogue'],
        parameters: [assetId, ifNoneMatch, requestId],
        responses: {
          200: ok('TileJSON.', 'TileJson', toTileJson(exampleAsset), ...HEADERS),
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
          'By name. Versions are in numeric order, part by part: `v1.9`, `v1.12`, `v20240301`.',
        tags: ['catalogue'],
        parameters: [...queryParameters(datasetQuerySchema), ifNoneMatch, requestId],
        responses: {
          200: ok('The page.', 'DatasetPage', exampleDatasetPage, ...HEADERS),
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
            description: 'The body is the one that `If-None-Match` names. Headers as of the 200.',
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
      200: ok('It does.', 'Health', { status: 'ok' }, 'Cache-Control'),
      ...responseRefs({
        403: 'HttpsRequired',
        405: 'MethodNotAllowed',
        ...failures,
        default: 'Unexpected',
      }),
    },
  }
}
