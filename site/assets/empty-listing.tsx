/** The message for a listing without matches, with similar dataset names. */

import type { Dataset } from '../../packages/client/src/client.ts'
import { LinkTo } from '../ui/link-to.tsx'
import type { Query } from '../view.ts'

const MAX_SUGGESTIONS = 12

type Props = { query: Query; datasets: Dataset[] }

export function EmptyListing({ query, datasets }: Props) {
  const suggestions = similar(datasets, query.dataset)
  return (
    <div class="empty">
      <p>No assets match all of these filters. Remove one, or clear them all.</p>
      {suggestions.length > 0 && (
        <>
          <p>Datasets with “{query.dataset}” in their name:</p>
          <ul>
            {suggestions.map(({ dataset }) => (
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

/** Datasets whose names contain `part`. If a dataset has that exact name, another filter excludes its assets. */
function similar(datasets: Dataset[], part: string | undefined): Dataset[] {
  if (!part || datasets.some(({ dataset }) => dataset === part)) return []
  return datasets.filter(({ dataset }) => dataset.includes(part)).slice(0, MAX_SUGGESTIONS)
}
