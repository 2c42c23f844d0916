/**
 * The explorer's views, and their URLs. All are queries of `/`, with the API's own parameter names:
 *
 * - `/?search=&type=&has_map=`: datasets
 * - `/?dataset=&version=&compare=&only_differences=&asset=`: a dataset, and the open asset of the
 *   chosen version
 * - `/?view=assets&…`: the listing of `GET /assets` for these parameters, and the open asset
 * - `/?asset=`: an asset of which only the id is known
 */

import type { AssetFilters } from '../packages/client/src/client.ts'

export type Parameter = keyof AssetFilters

/** Every parameter of the listing, in the order of the API's own links. */
const parameters: Record<Parameter, true> = {
  dataset: true,
  version: true,
  asset_type: true,
  asset_uri: true,
  is_latest: true,
  is_default: true,
  status: true,
  'page[number]': true,
  'page[size]': true,
}
// Boundary: TypeScript types keys as strings.
const PARAMETERS = Object.keys(parameters) as Parameter[]

/** Unvalidated values; the API validates them. */
export type Query = Partial<Record<Parameter, string>>

export type HomeView = {
  page: 'home'
  search?: string | undefined
  type?: string | undefined
  hasMap?: boolean | undefined
}
export type DatasetView = {
  page: 'dataset'
  dataset: string
  /** The newest version if undefined. */
  version?: string | undefined
  /** A second version, shown beside it. */
  compare?: string | undefined
  onlyDifferences?: boolean | undefined
  assetId?: string | undefined
}
export type AssetsView = { page: 'assets'; query: Query; assetId?: string | undefined }
export type AssetView = { page: 'asset'; assetId: string }
export type View = HomeView | DatasetView | AssetsView | AssetView

export const HOME: HomeView = { page: 'home' }

type Values = { get(name: string): string | undefined }

/** Parses `location.search`. As in the API, the last value of a repeated parameter counts. */
export function parseView(search: string): View {
  const values = new Map(new URLSearchParams(search))
  const query = toQuery(values)
  const assetId = text(values, 'asset')
  const { dataset, version, ...filters } = query
  const isListing = values.get('view') === 'assets' || Object.keys(filters).length > 0
  if (isListing || (version && !dataset)) return { page: 'assets', query, assetId }
  if (dataset) {
    const compare = text(values, 'compare')
    const onlyDifferences = values.get('only_differences') === 'true' || undefined
    return { page: 'dataset', dataset, version, compare, onlyDifferences, assetId }
  }
  if (assetId) return { page: 'asset', assetId }
  return {
    page: 'home',
    search: text(values, 'search'),
    type: text(values, 'type'),
    hasMap: values.get('has_map') === 'true',
  }
}

/** The known parameters of a listing, without blank ones. */
export function toQuery(values: { get(name: string): unknown }): Query {
  const query: Query = {}
  for (const name of PARAMETERS) {
    const value = values.get(name)
    if (typeof value === 'string' && value.trim() !== '') query[name] = value.trim()
  }
  return query
}

/** The path of a view, with its parameters in one order. */
export function viewUrl(view: View): string {
  const values = new URLSearchParams()
  for (const [name, value] of entries(view)) {
    if (value) values.set(name, value)
  }
  // Raw brackets, as in the API's own links.
  const search = `${values}`.replaceAll('%5B', '[').replaceAll('%5D', ']')
  return search === '' ? '/' : `/?${search}`
}

function entries(view: View): [name: string, value: string | undefined][] {
  switch (view.page) {
    case 'home':
      return [
        ['search', view.search],
        ['type', view.type],
        ['has_map', view.hasMap ? 'true' : undefined],
      ]
    case 'dataset':
      return [
        ['dataset', view.dataset],
        ['version', view.version],
        ['compare', view.compare],
        ['only_differences', view.compare && view.onlyDifferences ? 'true' : undefined],
        ['asset', view.assetId],
      ]
    case 'assets':
      return [
        ['view', 'assets'],
        ...PARAMETERS.map((name): [string, string | undefined] => [name, view.query[name]]),
        ['asset', view.assetId],
      ]
    case 'asset':
      return [['asset', view.assetId]]
  }
}

/** Equal for two views of one page, between which the reader's place and focus stay. */
export function pageKey(view: View): string {
  return view.page === 'dataset' ? `dataset ${view.dataset}` : view.page
}

/** The view of another page of the same listing. */
export function toPage(query: Query, number: number): AssetsView {
  const { 'page[number]': _, ...listing } = query
  return {
    page: 'assets',
    query: number === 1 ? listing : { ...listing, 'page[number]': `${number}` },
  }
}

function text(values: Values, name: string): string | undefined {
  return values.get(name)?.trim() || undefined
}
