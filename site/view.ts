/**
 * What the explorer shows, as the page's URL says it, so that it can be shared: the parameters of
 * `GET /assets` in the API's own words, and `asset`, the asset that is open. Pure.
 */

import type { AssetFilters } from '../packages/client/src/client.ts'

/** The API's parameters, in its order. */
export const PARAMETERS = [
  'dataset',
  'version',
  'asset_type',
  'asset_uri',
  'is_latest',
  'is_default',
  'status',
  'page[number]',
  'page[size]',
] as const satisfies (keyof AssetFilters)[]

export type Parameter = (typeof PARAMETERS)[number]

/** Values as they are written; whether they are valid, the API says. */
export type Query = Partial<Record<Parameter, string>>

export type View = { query: Query; assetId: string | undefined }

/** Reads `location.search`: as the API, the last of a repeated parameter. One without a value is not set. */
export function parseView(search: string): View {
  const values = new Map(new URLSearchParams(search))
  return { query: toQuery(values), assetId: values.get('asset') || undefined }
}

/** The parameters that have a value; others are left out. */
export function toQuery(values: { get(name: string): unknown }): Query {
  const query: Query = {}
  for (const name of PARAMETERS) {
    const value = values.get(name)
    if (typeof value === 'string' && value.trim() !== '') query[name] = value.trim()
  }
  return query
}

/** The URL of a view, relative to the origin: one, in whatever order its values came about. */
export function viewUrl({ query, assetId }: View): string {
  const values = new URLSearchParams()
  for (const name of PARAMETERS) {
    const value = query[name]
    if (value !== undefined) values.set(name, value)
  }
  if (assetId) values.set('asset', assetId)
  // Brackets are raw in the API's own links too.
  const search = `${values}`.replaceAll('%5B', '[').replaceAll('%5D', ']')
  return search === '' ? '/' : `/?${search}`
}

/** The view of another page of the same listing. */
export function toPage(query: Query, number: number): View {
  const { 'page[number]': _, ...listing } = query
  return {
    query: number === 1 ? listing : { ...listing, 'page[number]': `${number}` },
    assetId: undefined,
  }
}
