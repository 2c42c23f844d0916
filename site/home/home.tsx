/** The datasets of the catalog, and the search for them. */

import { useCallback } from 'preact/hooks'
import { useApp } from '../app.ts'
import { LinkTo } from '../ui/link-to.tsx'
import { Notice } from '../ui/notice.tsx'
import { useLoaded } from '../ui/use-loaded.ts'
import { useTitle } from '../ui/use-title.ts'
import type { HomeView } from '../view.ts'

export function Home({ view }: { view: HomeView }) {
  const { client } = useApp()
  const { search } = view
  const page = useLoaded(
    useCallback(
      (signal) => client.listDatasets({ search, 'page[size]': 1000 }, { signal }),
      [client, search],
    ),
  )
  useTitle('Datasets')
  if (page.problem) return <Notice problem={page.problem} onRetry={page.retry} />
  return (
    <ul>
      {page.value?.data.map(({ dataset }) => (
        <li key={dataset}>
          <LinkTo view={{ page: 'dataset', dataset }}>{dataset}</LinkTo>
        </li>
      ))}
    </ul>
  )
}
