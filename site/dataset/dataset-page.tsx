/** A dataset: its versions, the assets of the chosen one, and the open asset beside them. */

import { useCallback } from 'preact/hooks'
import { useApp } from '../app.ts'
import { Notice } from '../ui/notice.tsx'
import { useLoaded } from '../ui/use-loaded.ts'
import { useTitle } from '../ui/use-title.ts'
import type { DatasetView } from '../view.ts'
import { DatasetSkeleton } from './dataset-skeleton.tsx'
import { DatasetVersions } from './dataset-versions.tsx'
import { loadDataset } from './load-dataset.ts'
import { UnknownDataset } from './unknown-dataset.tsx'

export function DatasetPage({ view }: { view: DatasetView }) {
  const { client } = useApp()
  const { dataset } = view
  const page = useLoaded(
    useCallback(
      async (signal) => ({ content: await loadDataset(client, dataset, signal) }),
      [client, dataset],
    ),
  )
  const content = page.value?.content
  return (
    <>
      {!view.assetId && <Title view={view} />}
      {page.problem && <Notice problem={page.problem} onRetry={page.retry} />}
      {content && <DatasetVersions content={content} view={view} />}
      {page.value && !content && <UnknownDataset dataset={dataset} />}
      {page.isLoading && !page.value && <DatasetSkeleton dataset={dataset} />}
    </>
  )
}

/** An open asset has its own title. */
function Title({ view: { dataset, version, compare } }: { view: DatasetView }) {
  const versions = [version, compare].filter(Boolean).join(' and ')
  useTitle(versions ? `${dataset} ${versions}` : dataset)
  return null
}
