/** The top of a dataset's page: the way up, its name, what it holds, and links to the view. */

import { useCallback } from 'preact/hooks'
import type { Asset } from '../../packages/client/src/client.ts'
import { useApp } from '../app.ts'
import { Breadcrumbs, type Crumb } from '../ui/breadcrumbs.tsx'
import { BreakableName } from '../ui/breakable-name.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { count } from '../ui/count.ts'
import { Source } from '../ui/source.tsx'
import { type DatasetView, HOME } from '../view.ts'
import type { DatasetContent } from './load-dataset.ts'
import { groupByType } from './version-assets.ts'

type Props = {
  content: DatasetContent
  view: DatasetView
  chosen: string
  /** The open asset, if it is loaded. */
  asset: Asset | undefined
  /** The assets of its version. */
  siblings: readonly Asset[] | undefined
}

export function DatasetHeader(props: Props) {
  const { content, chosen } = props
  const { client } = useApp()
  const { dataset, versions, total, pageSize } = content
  const version = versions.includes(chosen) ? chosen : 'latest'
  const load = useCallback(
    (signal: AbortSignal) =>
      client.listVersionAssets({ dataset, version, 'page[size]': pageSize }, { signal }),
    [client, dataset, version, pageSize],
  )
  return (
    <header class="dataset-header">
      <Breadcrumbs {...toCrumbs(props)} />
      <h1>
        <BreakableName name={dataset} />
      </h1>
      <div class="actions">
        <p class="muted">
          {count(versions.length, 'version')}, {count(total, 'asset')}
        </p>
        <div class="actions end">
          <Source
            path={`/dataset/${dataset}/${version}/assets?page[size]=${pageSize}`}
            load={load}
          />
          <CopyButton verb="Share" label="this view: copy its link" text={() => location.href} />
        </div>
      </div>
    </header>
  )
}

function toCrumbs({ content, view, chosen, asset, siblings = [] }: Props): {
  above: Crumb[]
  name: string
} {
  const { dataset } = content
  const above: Crumb[] = [{ name: 'Datasets', view: HOME }]
  if (!view.version && !view.assetId) return { above, name: dataset }
  above.push({ name: dataset, view: { page: 'dataset', dataset } })
  if (!view.assetId) return { above, name: chosen }
  // Beside a comparison, the asset may be of the other version.
  const version = asset?.version ?? chosen
  above.push({ name: version, view: { page: 'dataset', dataset, version } })
  const named = groupByType(siblings).flatMap((group) => group.assets)
  const name = named.find((item) => item.asset === asset)?.name
  return { above, name: name ?? 'Asset' }
}
