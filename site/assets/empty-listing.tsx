/** The message for a listing without matches, with similar dataset names. */

import { SimilarNames } from '../search/similar-names.tsx'
import { useSimilar } from '../search/use-similar.ts'
import { LinkTo } from '../ui/link-to.tsx'
import type { Query } from '../view.ts'

export function EmptyListing({ query: { dataset = '' } }: { query: Query }) {
  const similar = useSimilar(dataset)
  // If there is such a dataset, another filter excludes its assets.
  const isKnown = similar.some((other) => other.dataset === dataset)
  return (
    <div class="empty">
      <p>No assets match all of these filters. Remove one, or clear them all.</p>
      {!isKnown && (
        <SimilarNames
          datasets={similar}
          viewOf={(name) => ({ page: 'assets', query: { dataset: name } })}
        />
      )}
      <p>
        <LinkTo view={{ page: 'assets', query: {} }}>Clear the filters</LinkTo>
      </p>
    </div>
  )
}
