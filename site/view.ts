/**
 * The explorer's state in the page's URL: the query parameters of `GET /assets`, and `asset`, the
 * id of the open asset.
 */

import type { AssetFilters } from '../packages/client/src/client.ts'

export type Parameter = keyof AssetFilters

/** Every parameter of the API, in the order of its own links. */
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

export type View = { query: Query; assetId: string | undefined }

/** Parses `location.search`. As in the API, the last value of a repeated parameter counts. */
export function parseView(search: string): View {
  const values = new Map(new URLSearchParams(search))
  return { query: toQuery(values), assetId: values.get('asset') || undefined }
}

/** The known parameters, without blank ones. */
export function toQuery(values: { get(name: string): unknown }): Query {
  const query: Query = {}
  for (const name of PARAMETERS) {
    const value = values.get(name)
    if (typeof value === 'string' && value.trim() !== '') query[name] = value.trim()
  }
  return query
}

/** The path of a view, with its parameters in canonical order. */
export function viewUrl({ query, assetId }: View): string {
  const values = new URLSearchParams()
  for (const name of PARAMETERS) {
    const value = query[name]
    if (value !== undefined) values.set(name, value)
  }
  if (assetId) values.set('asset', assetId)
  // Raw brackets, as in the API's own links.
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
