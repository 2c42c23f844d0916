/** Looks for the newest version with a map: among the assets that are loaded, or else by the API. */

import { useCallback, useMemo } from 'preact/hooks'
import type { Asset, CatalogClient } from '../../packages/client/src/client.ts'
import { useApp } from '../app.ts'
import { readMaps, TOO_MANY } from '../read-pages.ts'
import { useLoaded } from '../ui/use-loaded.ts'
import type { DatasetContent } from './load-dataset.ts'
import { newestMap } from './version-assets.ts'

/** `none` if no version has a map, `unknown` if it cannot be looked for now. */
export type NewestMap = Asset | 'none' | 'unknown' | typeof TOO_MANY

/** The result for each dataset, shared by its versions. */
const found = new WeakMap<DatasetContent, NewestMap>()

/** Undefined while it is looked for, and if it is not needed. */
export function useNewestMap(content: DatasetContent, isNeeded: boolean): NewestMap | undefined {
  const { client } = useApp()
  const { versions, whole } = content
  const known = useMemo(
    () => whole && (newestMap(versions, whole.assets, whole.defaultIds) ?? 'none'),
    [versions, whole],
  )
  const isLoadNeeded = isNeeded && !known
  const { problem } = useLoaded(
    useCallback(
      async (signal) => {
        if (!isLoadNeeded || found.has(content)) return
        found.set(content, await loadNewestMap(client, content, signal))
      },
      [client, content, isLoadNeeded],
    ),
  )
  if (!isNeeded) return undefined
  return known ?? found.get(content) ?? (problem ? 'unknown' : undefined)
}

/** @param of the versions of a dataset, newest first */
export async function loadNewestMap(
  client: CatalogClient,
  { dataset, versions }: Pick<DatasetContent, 'dataset' | 'versions'>,
  signal: AbortSignal,
): Promise<NewestMap> {
  const assets = await readMaps(client, { dataset }, signal)
  if (assets === TOO_MANY) return TOO_MANY
  return newestMap(versions, assets, new Set()) ?? 'none'
}
