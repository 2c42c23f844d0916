/** How to use an asset: a tab for each tool. */

import { useCallback } from 'preact/hooks'
import type { Asset, TileJson } from '../../packages/client/src/client.ts'
import { useApp } from '../app.ts'
import { Copyable } from '../ui/copyable.tsx'
import { Tabs } from '../ui/tabs.tsx'
import { useLoaded } from '../ui/use-loaded.ts'
import { kindOf } from './asset-type.ts'
import { recipesFor } from './recipes/recipes.ts'

type Props = { asset: Asset; tileJson: TileJson | undefined }

export function RecipeTabs({ asset, tileJson }: Props) {
  const hasLatest = useHasLatest(asset)
  const recipes = recipesFor(asset, { origin: location.origin, tileJson, hasLatest })
  const tabs = recipes.map(({ id, label, blocks }) => ({
    id,
    label,
    content: blocks.map((block) => <Copyable key={block.label} {...block} />),
  }))
  const kind = kindOf(asset.asset_type)
  return <Tabs label="Tools" tabs={tabs} storageKey={`recipe ${kind}`} />
}

/** Whether the latest version has one tile cache of this type. If it has several, its URL answers 409. */
function useHasLatest({ dataset, asset_type }: Asset): boolean {
  const { client } = useApp()
  const isTileCache = kindOf(asset_type) === 'tiles'
  const { value } = useLoaded(
    useCallback(
      async (signal) => {
        if (!isTileCache) return undefined
        const only = { version: 'latest', status: 'saved', 'page[size]': 1 } as const
        return client.listAssets({ dataset, asset_type, ...only }, { signal })
      },
      [client, dataset, asset_type, isTileCache],
    ),
  )
  return value?.meta.total_items === '1'
}
