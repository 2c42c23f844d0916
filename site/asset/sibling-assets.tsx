/** The other assets of an asset's version, by type. */

import type { Asset } from '../../packages/client/src/client.ts'
import { LinkTo } from '../ui/link-to.tsx'
import { TypeBadge } from '../ui/type-badge.tsx'
import { shortNames } from './asset-names.ts'
import { ORDERED_TYPES } from './asset-type.ts'

/** If a type has more assets, only this many are shown. The version's page shows all. */
const MAX_PER_TYPE = 12

type Props = { asset: Asset; siblings: readonly Asset[] }

export function SiblingAssets({ asset, siblings }: Props) {
  const { dataset, version, asset_id: id } = asset
  const groups = ORDERED_TYPES.map((type) => {
    const all = siblings.filter((other) => other.asset_type === type)
    const others = all.filter((other) => other.asset_id !== id)
    return { type, names: shortNames(all), others }
  }).filter(({ others }) => others.length > 0)
  const page = { page: 'dataset', dataset, version } as const
  return (
    <section>
      <h3>Other assets of {version}</h3>
      {groups.length === 0 && <p class="muted">None.</p>}
      <dl class="siblings">
        {groups.map(({ type, names, others }) => (
          <div key={type}>
            <dt>
              <TypeBadge type={type} />
            </dt>
            <dd>
              {others.slice(0, MAX_PER_TYPE).map(({ asset_id: other }) => (
                <LinkTo key={other} view={{ ...page, assetId: other }}>
                  <code>{names.get(other)}</code>
                </LinkTo>
              ))}
              {others.length > MAX_PER_TYPE && (
                <LinkTo view={page}>and {others.length - MAX_PER_TYPE} more</LinkTo>
              )}
            </dd>
          </div>
        ))}
      </dl>
      <p>
        <LinkTo view={page}>
          All of {dataset} {version}
        </LinkTo>
      </p>
    </section>
  )
}
