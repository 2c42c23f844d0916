/** The message for a listing without matches, with similar dataset names. */

import { useCallback } from 'preact/hooks'
import { useApp } from '../app.ts'
import { LinkTo } from '../ui/link-to.tsx'
import { useLoaded } from '../ui/use-loaded.ts'
import type { Query } from '../view.ts'
import { suggest } from './use-suggestions.ts'

const MAX_SUGGESTIONS = 12

export function EmptyListing({ query }: { query: Query }) {
  const { client } = useApp()
  const { dataset } = query
  const similar = useLoaded(
    useCallback(
      async (signal) => (dataset ? (await suggest(client, dataset, signal)).datasets : []),
      [client, dataset],
    ),
  )
  const found = similar.value ?? []
  // If there is such a dataset, another filter excludes its assets.
  const suggestions = found.some((other) => other.dataset === dataset) ? [] : found
  return (
    <div class="empty">
      <p>No assets match all of these filters. Remove one, or clear them all.</p>
      {suggestions.length > 0 && (
        <>
          <p>Datasets with “{dataset}” in their name:</p>
          <ul>
            {suggestions.slice(0, MAX_SUGGESTIONS).map(({ dataset }) => (
              <li key={dataset}>
                <LinkTo view={{ page: 'assets', query: { dataset } }}>{dataset}</LinkTo>
              </li>
            ))}
          </ul>
        </>
      )}
      <p>
        <LinkTo view={{ page: 'assets', query: {} }}>Clear the filters</LinkTo>
      </p>
    </div>
  )
}
