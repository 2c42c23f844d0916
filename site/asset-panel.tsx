/** The asset that is open: what is recorded of it, its map, and text to copy. */

import type { ComponentChildren } from 'preact'
import { useCallback, useEffect, useRef } from 'preact/hooks'
import type { Asset, CatalogueClient } from '../packages/client/src/client.ts'
import { AssetProperties } from './asset-properties.tsx'
import { Copyable } from './copyable.tsx'
import { BandTable, FieldTable } from './metadata-tables.tsx'
import { Notice } from './notice.tsx'
import { curlSnippet, pythonSnippet } from './snippets.ts'
import { TileCache } from './tile-cache.tsx'
import { noMapReason } from './tiles.ts'
import { useLoaded } from './use-loaded.ts'

type Props = {
  client: CatalogueClient
  assetId: string
  /** The asset as the listing has it, where it does. */
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

function AssetDetails({ client, asset }: { client: CatalogueClient; asset: Asset }) {
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
      <h3>Use it</h3>
      <Copyable label="curl" text={curlSnippet(origin, asset)} />
      <Copyable label="Python" text={pythonSnippet(origin, asset)} />
    </>
  )
}

type PanelProps = { title: string; onClose: () => void; children: ComponentChildren }

/** A modal dialog: Escape, or a click beside it, closes it; the focus stays in it, and returns where it was. */
function Panel({ title, onClose, children }: PanelProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const opener = document.activeElement
    dialog.current?.showModal()
    return () => {
      // Taken away, as by Back, it gives no focus back; until it is, nothing else can have it.
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
