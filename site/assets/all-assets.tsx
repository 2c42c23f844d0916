/** All assets: filters, the matching page of assets, and the open asset. */

import { useCallback, useEffect, useRef } from 'preact/hooks'
import type { AssetFilters } from '../../packages/client/src/client.ts'
import { useApp } from '../app.ts'
import { AssetDetail } from '../asset/asset-detail.tsx'
import { DetailPane } from '../ui/detail-pane.tsx'
import { LinkTo } from '../ui/link-to.tsx'
import { Notice } from '../ui/notice.tsx'
import { useLoaded } from '../ui/use-loaded.ts'
import { useTitle } from '../ui/use-title.ts'
import { useWalk } from '../ui/use-walk.ts'
import { type AssetsView, HOME, toPage } from '../view.ts'
import { Filters } from './filters.tsx'
import { Results } from './results.tsx'

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
  useTitle('All assets')
  const close = useCallback(() => show({ page: 'assets', query }, { back: true }), [show, query])
  const open = useCallback(
    (id: string) => show({ page: 'assets', query, assetId: id }, { replace: true }),
    [show, query],
  )
  const list = useWalk<HTMLDivElement>({ assetId, onOpen: open, onClose: close })
  useTopOf(list, page.value?.links.self)
  const isShown = page.value !== undefined || !page.problem

  return (
    <>
      <h1>All assets</h1>
      <Filters query={query} />
      <div class="split">
        <div ref={list} class="listing">
          {page.problem && (
            <Notice problem={page.problem} onRetry={page.retry}>
              {query['page[number]'] && <LinkTo view={toPage(query, 1)}>First page</LinkTo>}
              {Object.keys(query).length > 0 && (
                <LinkTo view={{ page: 'assets', query: {} }}>Clear the filters</LinkTo>
              )}
              <LinkTo view={HOME}>All datasets</LinkTo>
            </Notice>
          )}
          {isShown && (
            <Results
              page={page.value}
              isLoading={page.isLoading}
              isOutdated={page.problem !== undefined}
              view={view}
            />
          )}
        </div>
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

/** Another page of the listing is read from its top. The focus stays where it is. */
function useTopOf(list: { current: HTMLElement | null }, pageUrl: string | undefined) {
  const lastUrl = useRef(pageUrl)
  useEffect(() => {
    const isNext = lastUrl.current !== undefined && pageUrl !== lastUrl.current
    lastUrl.current = pageUrl
    const isAbove = (list.current?.getBoundingClientRect().top ?? 0) < 0
    if (isNext && isAbove) list.current?.scrollIntoView({ block: 'start' })
  }, [list, pageUrl])
}
