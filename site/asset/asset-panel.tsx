/** The panel of the open asset: map, properties, metadata, and snippets to copy. */

import type { ComponentChildren } from 'preact'
import { useCallback, useEffect, useRef } from 'preact/hooks'
import type { Asset, CatalogClient } from '../../packages/client/src/client.ts'
import { Copyable } from '../ui/copyable.tsx'
import { Notice } from '../ui/notice.tsx'
import { useLoaded } from '../use-loaded.ts'
import { AssetProperties } from './asset-properties.tsx'
import { BandTable, FieldTable } from './metadata-tables.tsx'
import { curlSnippet, pythonSnippet } from './snippets.ts'
import { TileCache } from './tile-cache.tsx'
import { noMapReason } from './tiles.ts'

type Props = {
  client: CatalogClient
  assetId: string
  /** The asset, if it is on the current page of the listing. */
  listed: Asset | undefined
  onClose: () => void
}

export function AssetPanel({ client, assetId, listed, onClose }: Props) {
  const {
    value: asset,
    problem,
    retry,
  } = useLoaded(
    useCallback(
      async (signal) => listed ?? client.getAsset(assetId, { signal }),
      [client, assetId, listed],
    ),
  )
  return (
    <Panel title={asset ? `${asset.dataset} ${asset.version}` : 'Asset'} onClose={onClose}>
      {asset && <p class="asset-type">{asset.asset_type}</p>}
      {problem && <Notice problem={problem} onRetry={retry} />}
      {!asset && !problem && <p role="status">Loading…</p>}
      {asset && <AssetDetails client={client} asset={asset} />}
    </Panel>
  )
}

function AssetDetails({ client, asset }: { client: CatalogClient; asset: Asset }) {
  const { metadata } = asset
  const { origin } = location
  const reason = noMapReason(asset)
  return (
    <>
      {reason ? <p class="no-map">{reason}</p> : <TileCache client={client} asset={asset} />}
      <Copyable label="Asset URI" text={asset.asset_uri} />
      <AssetProperties asset={asset} />
      {'fields' in metadata && <FieldTable fields={metadata.fields ?? []} />}
      {'bands' in metadata && <BandTable bands={metadata.bands ?? []} />}
      <h3>Use this asset</h3>
      <Copyable label="curl" text={curlSnippet(origin, asset)} />
      <Copyable label="Python" text={pythonSnippet(origin, asset)} />
    </>
  )
}

type PanelProps = { title: string; onClose: () => void; children: ComponentChildren }

/** A modal dialog that Escape or a click outside closes. Focus then returns to the opener. */
function Panel({ title, onClose, children }: PanelProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const opener = document.activeElement
    dialog.current?.showModal()
    return () => {
      // A dialog removed without `close()` (browser Back) does not restore focus. It is still modal
      // here, so focus moves after its removal.
      if (opener instanceof HTMLElement) queueMicrotask(() => opener.focus())
    }
  }, [])

  return (
    <dialog ref={dialog} class="panel" closedby="any" aria-labelledby="panel" onClose={onClose}>
      <div class="panel-content">
        <header>
          <h2 id="panel">{title}</h2>
          <button type="button" aria-label="Close" onClick={() => dialog.current?.close()}>
            ×
          </button>
        </header>
        {children}
      </div>
    </dialog>
  )
}
