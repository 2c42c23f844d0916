/** The assets of a version, grouped by type. */

import type { Asset } from '../../packages/client/src/client.ts'
import { meaningOf, uriEnd } from '../asset/asset-names.ts'
import { kindOf } from '../asset/asset-type.ts'
import { CopyButton } from '../ui/copy-button.tsx'
import { count } from '../ui/count.ts'
import { StatusBadge } from '../ui/status-badge.tsx'
import type { DatasetView } from '../view.ts'
import { AssetLink } from './asset-link.tsx'
import type { AssetSet } from './load-dataset.ts'
import { groupByType, type NamedAsset } from './version-assets.ts'

type Props = { set: AssetSet; view: DatasetView }

export function AssetGroups({ set, view }: Props) {
  return groupByType(set.assets).map(({ type, assets }) => (
    <section key={type} class="asset-group">
      <h3 id={toId(type)} class={kindOf(type)}>
        {type} <span class="muted">{assets.length}</span>
      </h3>
      <ul aria-labelledby={toId(type)}>
        {assets.map((named) => (
          <Row
            key={named.asset.asset_id}
            {...named}
            isDefault={set.defaultIds.has(named.asset.asset_id)}
            view={view}
          />
        ))}
      </ul>
    </section>
  ))
}

/** `aria-labelledby` takes ids without blanks. */
function toId(type: string): string {
  return type.replaceAll(' ', '-')
}

type RowProps = NamedAsset & { isDefault: boolean; view: DatasetView }

function Row({ asset, name, isDefault, view }: RowProps) {
  const { asset_id: assetId, asset_uri: uri, status } = asset
  return (
    <li class="asset-row" data-asset={assetId}>
      <AssetLink assetId={assetId} name={name} view={view} />
      {isDefault && <span class="badge">default asset</span>}
      <StatusBadge status={status} />
      <span class="uri mono muted" title={uri} data-uri={uri}>
        <span>{shownEnd(asset, name)}</span>
      </span>
      <small class="meaning">{meaningOf(name)}</small>
      <small>{note(asset)}</small>
      <CopyButton label={`URI of ${name}`} text={uri} />
    </li>
  )
}

/** The end of the URI, unless the name already says it. */
function shownEnd(asset: Asset, name: string): string {
  const end = uriEnd(asset)
  return end === name ? '' : end
}

/** What one looks for in a list: zooms, fields. */
function note({ metadata }: Asset): string {
  if ('min_zoom' in metadata && metadata.min_zoom != null && metadata.max_zoom != null) {
    return `zoom ${metadata.min_zoom}–${metadata.max_zoom}`
  }
  const fields = 'fields' in metadata ? (metadata.fields?.length ?? 0) : 0
  return fields > 0 ? count(fields, 'field') : ''
}
