/** A row of the listing: an asset, told apart by the end of its URI. */

import type { Asset } from '../../packages/client/src/client.ts'
import { uriEnd } from '../asset/asset-names.ts'
import { BreakableName } from '../ui/breakable-name.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { LinkTo } from '../ui/link-to.tsx'
import { StatusBadge } from '../ui/status-badge.tsx'
import { ToDetail } from '../ui/to-detail.tsx'
import { TypeBadge } from '../ui/type-badge.tsx'
import type { Query } from '../view.ts'

type Props = {
  asset: Asset
  query: Query
  isOpen: boolean
  /** Another asset is open, and opening this one takes its place in the history. */
  replaces: boolean
}

export function AssetRow({ asset, query, isOpen, replaces }: Props) {
  const { asset_id: assetId, dataset, version, asset_type: type, status, created_on } = asset
  const end = uriEnd(asset)
  const placeholder = end.search(/\/?\{/)
  const name = placeholder > 0 ? end.slice(0, placeholder) : end
  return (
    <tr class={isOpen ? 'open' : ''}>
      <td class="dataset">
        <LinkTo view={{ page: 'dataset', dataset, version }}>
          <BreakableName name={dataset} />
        </LinkTo>
      </td>
      <td class="version">{version}</td>
      <th scope="row" class="mono" data-asset={assetId} data-uri={asset.asset_uri}>
        <LinkTo
          view={{ page: 'assets', query, assetId }}
          label={`${dataset} ${version}, ${type}, ${name}`}
          current={isOpen ? 'true' : undefined}
          replace={replaces}
        >
          {name}
        </LinkTo>
        {isOpen && <ToDetail />}
        <span class="muted">{end.slice(name.length)}</span>
      </th>
      <td class="type">
        <TypeBadge type={type} />
        <StatusBadge status={status} />
      </td>
      <td class="created">
        <time dateTime={created_on}>{created_on.slice(0, 10)}</time>
      </td>
      <td class="copy-cell">
        <CopyButton
          label={`URI of ${dataset} ${version}, ${name}`}
          text={asset.asset_uri}
          class="quiet"
        />
      </td>
    </tr>
  )
}
