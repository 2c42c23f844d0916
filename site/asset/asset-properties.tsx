/** An asset's properties and metadata, except its fields and bands. */

import type { Asset } from '../../packages/client/src/client.ts'

/** Shown in other parts of the panel. */
const OMITTED_PROPERTIES = ['metadata', 'asset_uri', 'dataset', 'version', 'asset_type']
const OMITTED_METADATA = ['fields', 'bands', 'id']

export function AssetProperties({ asset }: { asset: Asset }) {
  const { metadata } = asset
  const properties = [
    ...Object.entries(asset).filter(([name]) => !OMITTED_PROPERTIES.includes(name)),
    ...Object.entries(metadata).filter(([name]) => !OMITTED_METADATA.includes(name)),
  ]
  return (
    <>
      <h3>Metadata</h3>
      {Object.keys(metadata).length === 0 && <p>No metadata is recorded.</p>}
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
