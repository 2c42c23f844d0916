/** Examples of the API's description: assets of the real catalogue, as it answers them. */

import type { Asset, AssetPage, Dataset, DatasetPage, Fault } from './resource.ts'

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

export const exampleAssetPage: AssetPage = onePage(
  'https://api.example/assets?dataset=gfw_oil_palm&version=v20191031&asset_type=Static%20vector%20tile%20cache',
  exampleAsset,
)

export const exampleDatasetPage: DatasetPage = onePage(
  'https://api.example/datasets?',
  exampleDataset,
)

export const exampleFault: Fault = {
  loc: ['query', 'page[size]'],
  msg: 'ensure this value is less than or equal to 1000',
  type: 'value_error.number.not_le',
}

function onePage<Item>(listing: string, item: Item) {
  const page = `${listing}${listing.endsWith('?') ? '' : '&'}page[number]=1&page[size]=25`
  return {
    data: [item],
    status: 'success' as const,
    links: { self: page, first: page, last: page, prev: '', next: '' },
    meta: { size: '25', total_items: '1', total_pages: '1' },
  }
}
