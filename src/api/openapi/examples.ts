/**
 * Examples in the OpenAPI document: requests to the real catalog, and what the API answers. A request
 * with the examples of all its parameters has the answer that is the example of its response.
 */

import type * as z from 'zod'
import { pageLinks } from '../links.ts'
import type { AssetPath } from '../path.ts'
import {
  type AssetQuery,
  assetQuerySchema,
  type DatasetQuery,
  datasetQuerySchema,
  type PageQuery,
  versionAssetQuerySchema,
} from '../query.ts'
import type {
  Asset,
  AssetPage,
  Dataset,
  DatasetPage,
  Fault,
  PageLinks,
  Version,
} from '../resource.ts'

function field(name: string, alias: string) {
  return {
    name,
    alias,
    description: null,
    data_type: 'text',
    unit: null,
    is_feature_info: true,
    is_filter: true,
  }
}

export const exampleAsset: Asset = {
  created_on: '2026-11-24T04:04:01.885000Z',
  updated_on: '2026-11-24T04:04:01.885000Z',
  asset_id: 'a7b766ef-0594-5826-a9a3-e72bd9d491d2',
  dataset: 'gfw_oil_palm',
  version: 'v20191031',
  asset_type: 'Static vector tile cache',
  asset_uri: 'https://tiles.globalforestwatch.org/gfw_oil_palm/v20191031/default/{z}/{x}/{y}.pbf',
  status: 'saved',
  is_managed: true,
  is_downloadable: true,
  metadata: {
    tags: null,
    min_zoom: null,
    max_zoom: 9,
    fields: [
      field('name', 'Name'),
      field('group_comp', 'Company'),
      field('country', 'Country'),
      field('area_ha', 'Area'),
    ],
    id: '2ae2b3bd-b1db-56df-803a-9bcb16944026',
  },
}

export const exampleDataset: Dataset = {
  dataset: 'gfw_oil_palm',
  versions: ['v20191031', 'v2025'],
  latest: 'v2025',
}

export const exampleVersion: Version = {
  dataset: 'gfw_oil_palm',
  version: 'v20191031',
  is_latest: false,
  assets: [
    [
      'Dynamic vector tile cache',
      'https://tiles.globalforestwatch.org/gfw_oil_palm/v20191031/dynamic/{z}/{x}/{y}.pbf',
    ],
    [
      'Raster tile set',
      's3://gfw-data-lake/gfw_oil_palm/v20191031/raster/epsg-4326/10/40000/is/geotiff/{tile_id}.tif',
    ],
    ['Static vector tile cache', exampleAsset.asset_uri],
  ],
}

/** The parameters of all operations, by name. */
export const exampleParameters: Record<
  keyof AssetQuery | keyof DatasetQuery | keyof AssetPath,
  string | number | boolean
> = {
  dataset: exampleAsset.dataset,
  version: exampleAsset.version,
  asset_type: exampleAsset.asset_type,
  asset_uri: exampleAsset.asset_uri,
  is_latest: false,
  is_default: false,
  status: exampleAsset.status,
  search: 'oil palm',
  'page[number]': 1,
  'page[size]': 25,
  asset_id: exampleAsset.asset_id,
}

export function exampleAssetPage(origin: string): AssetPage {
  return {
    data: [exampleAsset],
    status: 'success',
    links: onlyPage(`${origin}/assets`, assetQuerySchema),
    meta: { size: '25', total_items: '1', total_pages: '1' },
  }
}

export function exampleVersionAssetPage(origin: string): AssetPage {
  const listing = `${origin}/dataset/gfw_oil_palm/v20191031/assets`
  return { ...exampleAssetPage(origin), links: onlyPage(listing, versionAssetQuerySchema) }
}

export function exampleDatasetPage(origin: string): DatasetPage {
  return {
    data: [
      exampleDataset,
      {
        dataset: 'gfw_planted_forests_palm_oil_buffered_10km',
        versions: ['v20230911'],
        latest: 'v20230911',
      },
      { dataset: 'rspo_oil_palm', versions: ['v20200114', 'v2025'], latest: 'v2025' },
    ],
    status: 'success',
    links: onlyPage(`${origin}/datasets`, datasetQuerySchema),
    meta: { size: '25', total_items: '3', total_pages: '1' },
  }
}

export const exampleFault: Fault = {
  loc: ['query', 'page[size]'],
  msg: 'ensure this value is less than or equal to 1000',
  type: 'value_error.number.not_le',
}

/** The links of a listing of one page, whose query has all example parameters. */
function onlyPage(listing: string, schema: z.ZodType<PageQuery>): PageLinks {
  const sent = Object.entries(exampleParameters).map(([name, value]) => [name, `${value}`])
  return pageLinks(listing, schema.parse(Object.fromEntries(sent)), 1)
}
