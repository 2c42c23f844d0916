/** An asset's other properties and metadata. */

import type { Asset } from '../../packages/client/src/client.ts'

/** Shown elsewhere. */
const OMITTED_PROPERTIES = ['metadata', 'asset_uri', 'dataset', 'version', 'asset_type']
const OMITTED_METADATA = ['fields', 'bands', 'id']

export function AssetProperties({ asset }: { asset: Asset }) {
  const properties = [
    ...Object.entries(asset).filter(([name]) => !OMITTED_PROPERTIES.includes(name)),
    ...Object.entries(asset.metadata).filter(([name]) => !OMITTED_METADATA.includes(name)),
  ].filter(([, value]) => value !== null)
  return (
    <section>
      <h3>Details</h3>
      <dl class="properties">
        {properties.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{toText(name, value)}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

function toText(name: string, value: unknown): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  // Times are in UTC, to the microsecond: seconds are enough to read.
  if (name.endsWith('_on')) return `${value}`.slice(0, 19).replace('T', ' ').concat(' UTC')
  return Array.isArray(value) ? value.join(', ') : `${value}`
}
