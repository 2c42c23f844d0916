/** Filters datasets by the types of their assets. */

import { useCallback, useMemo } from 'preact/hooks'
import type { Dataset } from '../../packages/client/src/client.ts'
import { useApp } from '../app.ts'
import { kindOf } from '../asset/asset-type.ts'
import { versionTypesOf } from '../asset/version-types.ts'
import { type Loaded, useLoaded } from '../ui/use-loaded.ts'
import type { HomeView } from '../view.ts'
import type { Mapped, Types } from './catalog-index.ts'

/** In a large catalog, the types of so many datasets are read one by one in order to filter them. */
export const MAX_READ = 100

export type Filters = Pick<HomeView, 'type' | 'hasMap'>

/** What is known of all datasets: undefined while it is loaded, and if the catalog is too large. */
export type Index = {
  types: Types | undefined
  isTypesLoading: boolean
  mapped: Mapped | undefined
  isMappedLoading: boolean
}

export type Filtered = {
  /** Undefined while they are read. */
  rows: readonly Dataset[] | undefined
  /** The filters are not applied, because too many datasets match the search. */
  isTooMany: boolean
  problem: Loaded<unknown>['problem']
  retry: () => void
}

/** @param isComplete whether `rows` are all datasets that match the search */
export function useFiltered(
  rows: readonly Dataset[] | undefined,
  isComplete: boolean,
  { type, hasMap = false }: Filters,
  index: Index,
): Filtered {
  const isFiltering = type !== undefined || hasMap
  const isReadOneByOne = isFiltering && !index.types && !index.isTypesLoading
  const isTooMany = isReadOneByOne && !(isComplete && (rows?.length ?? 0) <= MAX_READ)
  const names = isReadOneByOne && !isTooMany ? namesOf(rows) : ''
  const { value: read, problem, retry } = useTypesOf(names)

  const filtered = useMemo(() => {
    if (!isFiltering || isTooMany || !rows) return rows
    const types = index.types ?? (read?.names === names ? read.types : undefined)
    const isWaiting = !types || (hasMap && index.isMappedLoading)
    if (isWaiting) return undefined
    return rows.filter((dataset) => matches(dataset, { type, hasMap }, types, index.mapped))
  }, [rows, isFiltering, isTooMany, type, hasMap, index, read, names])
  return { rows: filtered, isTooMany, problem, retry }
}

/** A dataset has a map if one of its versions does, or, if only that is known, its latest one. */
export function matches(
  { dataset }: Dataset,
  { type, hasMap }: Filters,
  types: Types,
  mapped: Mapped | undefined,
): boolean {
  const own = types.get(dataset) ?? []
  if (type !== undefined && !own.some((name) => name === type)) return false
  if (!hasMap) return true
  return mapped ? mapped.has(dataset) : own.some((name) => kindOf(name) === 'tiles')
}

function useTypesOf(names: string): Loaded<{ names: string; types: Types } | undefined> {
  const { client } = useApp()
  return useLoaded(
    useCallback(
      async (signal: AbortSignal) => {
        if (names === '') return { names, types: new Map() }
        const types = versionTypesOf(client)
        const load = async (dataset: string) =>
          [dataset, await types.load({ dataset, version: 'latest' }, signal)] as const
        return { names, types: new Map(await Promise.all(names.split(' ').map(load))) }
      },
      [client, names],
    ),
  )
}

function namesOf(rows: readonly Dataset[] = []): string {
  return rows.map(({ dataset }) => dataset).join(' ')
}
