/** What is recorded of an asset, beside its fields and bands. */

import type { Asset } from '../packages/client/src/client.ts'

/** Tables of their own. */
const ELSEWHERE = ['fields', 'bands', 'id']

/** In the panel's other parts. */
const SHOWN = ['metadata', 'asset_uri', 'dataset', 'version', 'asset_type']

export function AssetProperties({ asset }: { asset: Asset }) {
  const { metadata } = asset
  const properties = [
    ...Object.entries(asset).filter(([name]) => !SHOWN.includes(name)),
    ...Object.entries(metadata).filter(([name]) => !ELSEWHERE.includes(name)),
  ]
  return (
    <>
      <h3>Metadata</h3>
      {Object.keys(metadata).length === 0 && <p>Nothing more than this is recorded.</p>}
      <dl class="properties">
        {properties.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{toText(value)}</dd>
          </div>
        ))}
      </dl>
    </>
  )
}

function toText(value: unknown): string {
  if (value === null) return '–'
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return Array.isArray(value) ? value.join(', ') : `${value}`
}
