/** The assets of a version: from those of the dataset if they are loaded, or else from the API. */

import { useCallback, useMemo } from 'preact/hooks'
import { useApp } from '../app.ts'
import { type Loaded, useLoaded } from '../ui/use-loaded.ts'
import { type AssetSet, type DatasetContent, loadAssets } from './load-dataset.ts'

export type VersionSet = Pick<Loaded<unknown>, 'problem' | 'retry'> & { set: AssetSet | undefined }

export function useVersionAssets(content: DatasetContent, version: string): VersionSet {
  const { client } = useApp()
  const { dataset, whole } = content
  const known = useMemo(() => whole && ofVersion(whole, version), [whole, version])
  const { value, problem, retry } = useLoaded(
    useCallback(
      async (signal) => known ?? (await loadAssets(client, { dataset, version }, signal)),
      [client, dataset, version, known],
    ),
  )
  return { set: known ?? value, problem, retry }
}

function ofVersion(set: AssetSet, version: string): AssetSet {
  const own = set.assets.filter((asset) => asset.version === version)
  return { ...set, assets: own, total: own.length }
}
