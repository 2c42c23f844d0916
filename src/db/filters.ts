/** The filters of listings of assets, as conditions in SQL. */

import { and, eq, type Placeholder, type SQL, sql } from 'drizzle-orm'
import type { AnyPgColumn } from 'drizzle-orm/pg-core'
import type { VersionPath } from '../api/path.ts'
import type { AssetQuery, PageQuery } from '../api/query.ts'
import { assets, assetTotals, datasets, versions } from './schema.ts'

type Filters = Omit<AssetQuery, keyof PageQuery>

/** The filters of a query, with their values or with placeholders for them. */
export type FilterValues = { [Name in keyof Filters]: Filters[Name] | Placeholder }

const assetColumns: Record<keyof Filters, AnyPgColumn> = {
  dataset: assets.dataset,
  version: assets.version,
  asset_type: assets.assetType,
  asset_uri: assets.assetUri,
  is_latest: assets.isLatest,
  is_default: assets.isDefault,
  status: assets.status,
}

/** Not `dataset` and `asset_uri`: counting their few assets is fast enough. */
const totalColumns: Record<Exclude<keyof Filters, 'dataset' | 'asset_uri'>, AnyPgColumn> = {
  version: assetTotals.version,
  asset_type: assetTotals.assetType,
  is_latest: assetTotals.isLatest,
  is_default: assetTotals.isDefault,
  status: assetTotals.status,
}

type VersionValues = { [Name in keyof VersionPath]: string | Placeholder }

/** What does not exist: the dataset, or only its version. */
export type MissingPart = 'dataset' | 'version'

const versionColumns: Record<keyof VersionPath | 'is_latest', AnyPgColumn> = {
  dataset: versions.dataset,
  version: versions.version,
  is_latest: versions.isLatest,
}

/** Placeholders for the values of the filters. Not for `latest`, which is another condition. */
export function placeholders(query: Filters): FilterValues {
  // Boundary: the record has no other keys than those of its type.
  const names = (Object.keys(assetColumns) as (keyof Filters)[]).filter(
    (name) => query[name] !== undefined,
  )
  return Object.fromEntries(
    names.map((name) => [name, query[name] === 'latest' ? 'latest' : sql.placeholder(name)]),
  )
}

/** True for the assets of a listing. */
export function matchesAsset(query: FilterValues): SQL | undefined {
  return matches(query, assetColumns)
}

/** True for the row of the version. */
export function matchesVersion({ dataset, version }: VersionValues): SQL | undefined {
  return matches({ dataset, version }, versionColumns)
}

/** Null if the version exists. The statement has to join the dataset. */
export function missingPart(path: VersionValues): SQL<MissingPart | null> {
  const version = sql`select from ${versions} where ${matchesVersion(path)}`
  return sql`case when ${datasets.dataset} is null then 'dataset' when not exists (${version}) then 'version' end`
}

/** True for the rows of `asset_totals` that a listing without `dataset` and `asset_uri` adds up. */
export function matchesTotal(query: FilterValues): SQL | undefined {
  return matches(query, totalColumns)
}

function matches<Name extends keyof Filters>(
  query: FilterValues,
  columns: Record<Name | 'is_latest', AnyPgColumn>,
): SQL | undefined {
  // Boundary: the record has no other keys than those of its type.
  const conditions = (Object.keys(columns) as Name[]).map((name) => {
    const value = query[name]
    if (value === undefined) return undefined
    if (name === 'version' && value === 'latest') return eq(columns.is_latest, true)
    return eq(columns[name], value)
  })
  return and(...conditions)
}
