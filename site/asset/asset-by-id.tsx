/** An asset of which only the id is known: shows it on the page of its dataset. */

import { useCallback, useEffect } from 'preact/hooks'
import { useApp } from '../app.ts'
import { LinkTo } from '../ui/link-to.tsx'
import { Notice } from '../ui/notice.tsx'
import { useLoaded } from '../ui/use-loaded.ts'
import { HOME } from '../view.ts'

export function AssetById({ assetId }: { assetId: string }) {
  const { client, show } = useApp()
  const { value, problem, retry } = useLoaded(
    useCallback((signal) => client.getAsset(assetId, { signal }), [client, assetId]),
  )
  useEffect(() => {
    if (!value) return
    const { dataset, version } = value
    show({ page: 'dataset', dataset, version, assetId }, { replace: true })
  }, [value, show, assetId])
  // As wide as the page of the dataset, which takes its place.
  if (!problem) {
    return (
      <div class="split">
        <p role="status">Loading…</p>
      </div>
    )
  }
  return (
    <Notice problem={problem} onRetry={retry}>
      <LinkTo view={HOME}>All datasets</LinkTo>
    </Notice>
  )
}
