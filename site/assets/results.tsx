/** A page of assets as a table, or a message if nothing matches. */

import type { Asset, AssetPage, Dataset } from '../../packages/client/src/client.ts'
import { LinkTo } from '../ui/link-to.tsx'
import type { Query } from '../view.ts'
import { EmptyListing } from './empty-listing.tsx'
import { Paging } from './paging.tsx'

const number = new Intl.NumberFormat('en')

type Props = {
  page: AssetPage | undefined
  isLoading: boolean
  query: Query
  datasets: Dataset[]
}

export function Results({ page, isLoading, query, datasets }: Props) {
  const isEmpty = page?.data.length === 0 && !isLoading
  return (
    <section class="results" aria-label="Assets" aria-busy={isLoading}>
      <p role="status">{isLoading || !page ? 'Loading…' : summary(page)}</p>
      {isEmpty && <EmptyListing query={query} datasets={datasets} />}
      {page && page.data.length > 0 && (
        <>
          <table>
            <thead>
              <tr>
                <th scope="col">Dataset</th>
                <th scope="col">Version</th>
                <th scope="col">Type</th>
                <th scope="col">Status</th>
                <th scope="col" class="wide-screen">
                  Updated
                </th>
              </tr>
            </thead>
            <tbody>
              {page.data.map((asset) => (
                <Row key={asset.asset_id} asset={asset} query={query} />
              ))}
            </tbody>
          </table>
          <Paging meta={page.meta} query={query} />
        </>
      )}
    </section>
  )
}

function Row({ asset, query }: { asset: Asset; query: Query }) {
  const { asset_id: assetId, dataset, version, asset_type: type, status, updated_on } = asset
  return (
    <tr>
      <th scope="row">
        <LinkTo view={{ page: 'assets', query, assetId }} label={`${dataset} ${version}, ${type}`}>
          {dataset}
        </LinkTo>
      </th>
      <td>{version}</td>
      <td>{type}</td>
      <td>
        <span class={`status ${status}`}>{status}</span>
      </td>
      <td class="wide-screen">
        <time dateTime={updated_on}>{updated_on.slice(0, 10)}</time>
      </td>
    </tr>
  )
}

function summary({ meta, links }: AssetPage): string {
  const items = Number(meta.total_items)
  // From the response, because the query may already be for another page.
  const current = new URL(links.self).searchParams.get('page[number]') ?? '1'
  const pages = number.format(Number(meta.total_pages))
  const assets = `${number.format(items)} ${items === 1 ? 'asset' : 'assets'}`
  return items === 0
    ? 'No assets.'
    : `${assets}, page ${number.format(Number(current))} of ${pages}.`
}
