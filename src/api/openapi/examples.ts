/** Examples in the OpenAPI document: assets of the real catalog, as the API returns them. */

import type { Asset, AssetPage, Dataset, DatasetPage, Fault } from '../resource.ts'

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

export const exampleAssetPage: AssetPage = {
  data: [exampleAsset],
  status: 'success',
  links: {
    self: assetPage(1),
    first: assetPage(1),
    last: assetPage(1),
    prev: '',
    next: '',
  },
  meta: { size: '25', total_items: '1', total_pages: '1' },
}

export const exampleDatasetPage: DatasetPage = {
  data: [exampleDataset],
  status: 'success',
  links: {
    self: datasetPage(127),
    first: datasetPage(1),
    last: datasetPage(261),
    prev: datasetPage(126),
    next: datasetPage(128),
  },
  meta: { size: '1', total_items: '261', total_pages: '261' },
}

export const exampleFault: Fault = {
  loc: ['query', 'page[size]'],
  msg: 'ensure this value is less than or equal to 1000',
  type: 'value_error.number.not_le',
}

function assetPage(number: number): string {
  const filters = 'dataset=gfw_oil_palm&version=v20191031&asset_type=Static%20vector%20tile%20cache'
  return `https://api.example/assets?${filters}&page[number]=${number}&page[size]=25`
}

function datasetPage(number: number): string {
  return `https://api.example/datasets?page[number]=${number}&page[size]=1`
}
