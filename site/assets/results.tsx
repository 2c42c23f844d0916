/** A page of assets as a table, or a message if nothing matches. */

import type { AssetPage } from '../../packages/client/src/client.ts'
import { count, formatNumber } from '../ui/count.ts'
import type { AssetsView } from '../view.ts'
import { AssetRow } from './asset-row.tsx'
import { EmptyListing } from './empty-listing.tsx'
import { Paging } from './paging.tsx'
import { Tools } from './tools.tsx'

/** Rows of the skeleton, at most: more than fit a screen say nothing more. */
const MAX_SKELETON_ROWS = 25

type Props = {
  page: AssetPage | undefined
  isLoading: boolean
  /** The page that the URL names could not be loaded: `page` is the one before. */
  isOutdated: boolean
  view: AssetsView
}

export function Results({ page, isLoading, isOutdated, view }: Props) {
  const { query } = view
  const isEmpty = page?.data.length === 0 && !isLoading
  const isDimmed = isLoading || isOutdated
  return (
    <section class="results" aria-label="Assets" aria-busy={isLoading}>
      <div class="summary">
        <p role="status">{isLoading || !page ? 'Loading…' : summary(page)}</p>
        <p class="muted">Oldest first, by date of creation: the one order of the API.</p>
      </div>
      <Tools query={query} total={page && Number(page.meta.total_items)} />
      {isEmpty && <EmptyListing query={query} />}
      {!page && isLoading && <Skeleton rows={Number(query['page[size]'] ?? 25)} />}
      {page && page.data.length > 0 && (
        <>
          <table class={isDimmed ? 'dimmed' : ''}>
            <thead>
              <tr>
                <ColumnHeader>Dataset</ColumnHeader>
                <ColumnHeader>Version</ColumnHeader>
                <ColumnHeader>Asset</ColumnHeader>
                <ColumnHeader>Type</ColumnHeader>
                <ColumnHeader>Created</ColumnHeader>
                <ColumnHeader>
                  <span class="visually-hidden">URI</span>
                </ColumnHeader>
              </tr>
            </thead>
            <tbody>
              {page.data.map((asset) => (
                <AssetRow
                  key={asset.asset_id}
                  asset={asset}
                  query={query}
                  isOpen={asset.asset_id === view.assetId}
                  replaces={view.assetId !== undefined}
                />
              ))}
            </tbody>
          </table>
          <Paging meta={page.meta} query={query} />
        </>
      )}
    </section>
  )
}

function ColumnHeader({ children }: { children: preact.ComponentChildren }) {
  return <th scope="col">{children}</th>
}

function Skeleton({ rows }: { rows: number }) {
  const count = Math.min(rows, MAX_SKELETON_ROWS) || MAX_SKELETON_ROWS
  return (
    <div class="rows-to-come" aria-hidden="true">
      {Array.from({ length: count }, (_, index) => (
        <span key={index} class="skeleton" />
      ))}
    </div>
  )
}

function summary({ meta, links }: AssetPage): string {
  const items = Number(meta.total_items)
  // From the response, because the query may already be for another page.
  const current = new URL(links.self).searchParams.get('page[number]') ?? '1'
  const pages = formatNumber(Number(meta.total_pages))
  const assets = count(items, 'asset')
  return items === 0
    ? 'No assets.'
    : `${assets}, page ${formatNumber(Number(current))} of ${pages}.`
}
