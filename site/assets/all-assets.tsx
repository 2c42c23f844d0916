/** The catalog: filters, the matching page of assets, and the open asset. */

import { useCallback } from 'preact/hooks'
import type { AssetFilters, CatalogClient, Dataset } from '../../packages/client/src/client.ts'
import { AssetPanel } from '../asset/asset-panel.tsx'
import { LinkTo } from '../ui/link-to.tsx'
import { Notice } from '../ui/notice.tsx'
import { useLoaded } from '../use-loaded.ts'
import type { Show } from '../use-view.ts'
import { toPage, type View } from '../view.ts'
import { Filters } from './filters.tsx'
import { Results } from './results.tsx'

/** The largest page that the API allows. */
const DATASETS_PER_PAGE = 1000

type Props = { client: CatalogClient; view: View; show: Show }

export function Catalog({ client, view, show }: Props) {
  const { query, assetId } = view
  const listing = JSON.stringify(query)

  const page = useLoaded(
    useCallback(
      // Boundary: values are strings from the URL, which the API validates.
      (signal) => client.listAssets(JSON.parse(listing) as AssetFilters, { signal }),
      [client, listing],
    ),
  )
  const datasets = useLoaded(useCallback((signal) => allDatasets(client, signal), [client]))

  function retry() {
    page.retry()
    if (datasets.problem) datasets.retry()
  }

  const close = useCallback(() => show({ query, assetId: undefined }), [show, query])

  return (
    <>
      <Filters query={query} datasets={datasets.value ?? []} show={show} />
      {page.problem ? (
        <Notice problem={page.problem} onRetry={retry}>
          {query['page[number]'] && (
            <LinkTo view={toPage(query, 1)} show={show}>
              First page
            </LinkTo>
          )}
          <LinkTo view={{ query: {}, assetId: undefined }} show={show}>
            Clear the filters
          </LinkTo>
        </Notice>
      ) : (
        <Results
          page={page.value}
          isLoading={page.isLoading}
          query={query}
          datasets={datasets.value ?? []}
          show={show}
        />
      )}
      {assetId && (
        <AssetPanel
          key={assetId}
          client={client}
          assetId={assetId}
          listed={page.value?.data.find((asset) => asset.asset_id === assetId)}
          onClose={close}
        />
      )}
    </>
  )
}

async function allDatasets(client: CatalogClient, signal: AbortSignal): Promise<Dataset[]> {
  const datasets: Dataset[] = []
  for await (const dataset of client.eachDataset({ 'page[size]': DATASETS_PER_PAGE }, { signal })) {
    datasets.push(dataset)
  }
  return datasets
}
