/** The client's interface, and the types of what the API takes and answers. */

import type { components } from './api.ts'

type Schemas = components['schemas']
export type Asset = Schemas['Asset']
export type AssetPage = Schemas['AssetPage']
export type Band = Schemas['Band']
export type Dataset = Schemas['Dataset']
export type DatasetPage = Schemas['DatasetPage']
export type Fault = Schemas['Fault']
export type MetadataField = Schemas['MetadataField']
export type TileJson = Schemas['TileJson']
export type Version = Schemas['Version']

/** Parameters of a query. One that is `undefined` is not sent. */
type Query<Parameters> = { [Name in keyof Parameters]?: Parameters[Name] | undefined }

/** The words to search for, and the page: its number, which starts at 1, and its size, at most 1000. */
export type DatasetFilters = Query<Schemas['listDatasetsQuery']>

/** The assets and the page to list, with the API's parameter names. */
export type AssetFilters = Query<Schemas['listAssetsQuery']>

/** A version of a dataset, which can be `latest`. */
export type VersionName = { dataset: string; version: string }

/** A version, and which of its tile caches to show if it has several. */
export type TileCacheFilters = VersionName &
  Pick<AssetFilters, 'asset_type' | 'asset_uri' | 'is_default'>

export type RequestOptions = {
  /** Cancels the request, the delay before a retry, or the iteration, with the signal's reason. */
  signal?: AbortSignal | undefined
}

export type ClientOptions = {
  /** URL of the API. It may have a path. */
  baseUrl: string
  /** A bearer token, or a function that returns one for each request. Redirects never receive it. */
  token?: string | (() => string | Promise<string>) | undefined
  /** Replaces the global `fetch`. */
  fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined
  /** Maximum number of retries of a request; 3 by default. */
  retries?: number | undefined
  /** Maximum total retry delay in seconds; 60 by default. */
  maxWaitSeconds?: number | undefined
}

/**
 * The client retries 429 and 503, honoring `Retry-After`; without that header it waits 1, 2, 4, …
 * seconds. Every method rejects with a `CatalogError` if the API answers with an error, and with the
 * error of `fetch` if there is no answer.
 */
export type CatalogClient = {
  listAssets(filters?: AssetFilters, options?: RequestOptions): Promise<AssetPage>
  /** Iterates over all assets from the given page on, and requests each page when it is needed. */
  eachAsset(filters?: AssetFilters, options?: RequestOptions): AsyncGenerator<Asset>
  getAsset(assetId: string, options?: RequestOptions): Promise<Asset>
  /** Rejects with 404 if the asset is not a tile cache, and with 409 if it is pending or has failed. */
  tileJson(assetId: string, options?: RequestOptions): Promise<TileJson>
  listDatasets(filters?: DatasetFilters, options?: RequestOptions): Promise<DatasetPage>
  /** Iterates over all datasets from the given page on, and requests each page when it is needed. */
  eachDataset(filters?: DatasetFilters, options?: RequestOptions): AsyncGenerator<Dataset>
  getDataset(dataset: string, options?: RequestOptions): Promise<Dataset>
  /** Rejects with 422 if it has too many assets for one answer. */
  getVersion(version: VersionName, options?: RequestOptions): Promise<Version>
  /** As `listAssets`, but rejects with 404 if the version does not exist. */
  listVersionAssets(
    filters: VersionName & AssetFilters,
    options?: RequestOptions,
  ): Promise<AssetPage>
  /** Rejects with 404 if no tile cache matches, and with 409 if several do. */
  versionTileJson(filters: TileCacheFilters, options?: RequestOptions): Promise<TileJson>
}
