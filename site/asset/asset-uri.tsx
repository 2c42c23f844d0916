/** An asset's URI, whole, and what a browser can do with it. */

import type { Asset } from '../../packages/client/src/client.ts'
import { CopyButton } from '../ui/copy-button.tsx'
import { kindOf } from './asset-type.ts'
import { sampleCsvUrl } from './recipes/table.ts'

export function AssetUri({ asset }: { asset: Asset }) {
  const { asset_uri: uri, status } = asset
  const link = browserLink(asset)
  return (
    <div class="asset-uri">
      <h3>{kindOf(asset.asset_type) === 'tiles' ? 'Tile URL' : 'URI'}</h3>
      {/* A line breaks after a slash if it can. */}
      <code>{uri.split(/(?<=[^:/]\/)/).flatMap((part) => [part, <wbr key={part} />])}</code>
      <p class="actions">
        <CopyButton label="URI" text={uri} class="primary" />
        {link && status === 'saved' && (
          <a
            class="button"
            href={link.url}
            download={link.fileName}
            rel="noreferrer"
            target="_blank"
          >
            {link.label}
          </a>
        )}
      </p>
    </div>
  )
}

type BrowserLink = { label: string; url: string; fileName?: string }

/** Undefined for tile URLs, which are templates, and for buckets, which browsers cannot read. */
function browserLink(asset: Asset): BrowserLink | undefined {
  const { asset_uri: uri, asset_type: type } = asset
  if (kindOf(type) === 'table') return { label: 'Download 10 rows', url: sampleCsvUrl(asset) }
  if (!uri.startsWith('https://') || uri.includes('{')) return undefined
  return { label: 'Download', url: uri, fileName: uri.split('/').at(-1) ?? '' }
}
