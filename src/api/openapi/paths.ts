/** The operations of the API. */

import { assetPathSchema, datasetPathSchema, versionPathSchema } from '../path.ts'
import {
  assetQuerySchema,
  datasetQuerySchema,
  tileCacheQuerySchema,
  versionAssetQuerySchema,
} from '../query.ts'
import { toTileJson } from '../tile-json.ts'
import {
  exampleAsset,
  exampleAssetPage,
  exampleDataset,
  exampleDatasetPage,
  exampleVersion,
  exampleVersionAssetPage,
} from './examples.ts'
import { catalogOperation, documentOperation, probe } from './operation.ts'
import type { JsonSchema } from './schemas.ts'

/** `paths`, with GET alone: HEAD is GET without the body, and OPTIONS is the CORS preflight. */
export function paths(origin: string): Record<string, JsonSchema> {
  return {
    '/assets': {
      get: catalogOperation({
        operationId: 'listAssets',
        summary: 'A page of assets',
        description: 'Filters combine with AND. Ordered by `created_on`, then `asset_id`.',
        query: assetQuerySchema,
        answer: {
          description: 'The page.',
          schema: 'AssetPage',
          example: exampleAssetPage(origin),
        },
      }),
    },
    '/asset/{asset_id}': {
      get: catalogOperation({
        operationId: 'getAsset',
        summary: 'One asset',
        description:
          '`Link` names the listing of its dataset version, and its TileJSON if it has one.',
        path: assetPathSchema,
        answer: {
          description: 'The asset.',
          schema: 'AssetAnswer',
          example: { data: exampleAsset, status: 'success' },
        },
        failures: { 404: 'NotFound' },
      }),
    },
    '/asset/{asset_id}/tilejson.json': {
      get: catalogOperation({
        operationId: 'getTileJson',
        summary: 'TileJSON 3.0.0 of a tile cache',
        description:
          'A source for map libraries. 404 for an asset of another type, which `detail` names; 409 for a ' +
          'tile cache that is pending or has failed.',
        path: assetPathSchema,
        answer: {
          description: 'TileJSON.',
          schema: 'TileJson',
          example: toTileJson(exampleAsset),
        },
        failures: { 404: 'NotFound', 409: 'Conflict' },
      }),
    },
    '/datasets': {
      get: catalogOperation({
        operationId: 'listDatasets',
        summary: 'A page of datasets and their versions',
        description:
          'Ordered by name. Versions are ordered number by number, then dates: `v1.9`, `v1.12`, `v202106`, ' +
          '`v2025`.',
        query: datasetQuerySchema,
        answer: {
          description: 'The page.',
          schema: 'DatasetPage',
          example: exampleDatasetPage(origin),
        },
      }),
    },
    '/dataset/{dataset}': {
      get: catalogOperation({
        operationId: 'getDataset',
        summary: 'One dataset and its versions',
        description: 'An item of the list of datasets.',
        path: datasetPathSchema,
        answer: {
          description: 'The dataset.',
          schema: 'DatasetAnswer',
          example: { data: exampleDataset, status: 'success' },
        },
        failures: { 404: 'NotFound' },
      }),
    },
    '/dataset/{dataset}/{version}': {
      get: catalogOperation({
        operationId: 'getVersion',
        summary: 'A version of a dataset, with the types and URIs of its assets',
        description:
          'All assets in the order of listings, each as a pair of type and URI. 422 if it has more than ' +
          '10,000, or if the body would be over 6 MiB.',
        path: versionPathSchema,
        answer: {
          description: 'The version.',
          schema: 'VersionAnswer',
          example: { data: exampleVersion, status: 'success' },
        },
        failures: { 404: 'NotFound' },
      }),
    },
    '/dataset/{dataset}/{version}/assets': {
      get: catalogOperation({
        operationId: 'listVersionAssets',
        summary: 'A page of assets of a version',
        description:
          'The listing of `/assets` with `dataset` and `version`; 404 if they do not exist.',
        path: versionPathSchema,
        query: versionAssetQuerySchema,
        answer: {
          description: 'The page.',
          schema: 'AssetPage',
          example: exampleVersionAssetPage(origin),
        },
        failures: { 404: 'NotFound' },
      }),
    },
    '/dataset/{dataset}/{version}/tilejson.json': {
      get: catalogOperation({
        operationId: 'getVersionTileJson',
        summary: 'TileJSON 3.0.0 of the tile cache of a version',
        description:
          'A source for map libraries that follows the latest version if `version` is `latest`. The query ' +
          'has to leave one saved tile cache: 404 if there is none, 409 if there are several.',
        path: versionPathSchema,
        query: tileCacheQuerySchema,
        answer: {
          description: 'TileJSON.',
          schema: 'TileJson',
          example: toTileJson(exampleAsset),
        },
        failures: { 404: 'NotFound', 409: 'SeveralTileCaches' },
      }),
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
    '/openapi.json': { get: documentOperation() },
  }
}
