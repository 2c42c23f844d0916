/** All assets: filters, the matching page of assets, and the open asset. */

import { useCallback } from 'preact/hooks'
import type { AssetFilters, CatalogClient, Dataset } from '../../packages/client/src/client.ts'
import { useApp } from '../app.ts'
import { AssetDetail } from '../asset/asset-detail.tsx'
import { DetailPane } from '../ui/detail-pane.tsx'
import { LinkTo } from '../ui/link-to.tsx'
import { Notice } from '../ui/notice.tsx'
import { useLoaded } from '../ui/use-loaded.ts'
import { useTitle } from '../ui/use-title.ts'
import { type AssetsView, toPage } from '../view.ts'
import { Filters } from './filters.tsx'
import { Results } from './results.tsx'

/** The largest page that the API allows. */
const DATASETS_PER_PAGE = 1000

export function AllAssets({ view }: { view: AssetsView }) {
  const { client, show } = useApp()
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
  useTitle('All assets')

  function retry() {
    page.retry()
    if (datasets.problem) datasets.retry()
  }

  const close = useCallback(() => show({ page: 'assets', query }), [show, query])

  return (
    <>
      <h1>All assets</h1>
      <Filters query={query} datasets={datasets.value ?? []} />
      <div class="split">
        {page.problem ? (
          <Notice problem={page.problem} onRetry={retry}>
            {query['page[number]'] && <LinkTo view={toPage(query, 1)}>First page</LinkTo>}
            <LinkTo view={{ page: 'assets', query: {} }}>Clear the filters</LinkTo>
          </Notice>
        ) : (
          <Results
            page={page.value}
            isLoading={page.isLoading}
            query={query}
            datasets={datasets.value ?? []}
          />
        )}
        {assetId && (
          <DetailPane label="Asset" onClose={close}>
            <AssetDetail
              key={assetId}
              assetId={assetId}
              listed={page.value?.data.find((asset) => asset.asset_id === assetId)}
            />
          </DetailPane>
        )}
      </div>
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
