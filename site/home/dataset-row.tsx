/** A row of the list of datasets. */

import type { Dataset } from '../../packages/client/src/client.ts'
import type { AssetType } from '../../src/api/asset-types.ts'
import { LinkTo } from '../ui/link-to.tsx'
import { TypeBadge } from '../ui/type-badge.tsx'
import { markMatches } from './dataset-search.ts'
import type { Index } from './use-filtered.ts'
import { useLatestTypes } from './use-latest-types.ts'

type Props = { dataset: Dataset; words: readonly string[]; index: Index }

export function DatasetRow({ dataset: { dataset, versions, latest }, words, index }: Props) {
  const { types, mapped, isLoading } = index
  const newestMap = versions.findLast((version) => mapped?.get(dataset)?.has(version))
  return (
    <li class="dataset-row">
      <LinkTo view={{ page: 'dataset', dataset }} class="row-link">
        {markMatches(dataset, words).map(({ text, isMatch }) =>
          isMatch ? <mark>{text}</mark> : text,
        )}
      </LinkTo>
      <span class="row-types">
        {newestMap && newestMap !== latest && (
          <LinkTo view={{ page: 'dataset', dataset, version: newestMap }} class="row-map">
            map in {newestMap}
          </LinkTo>
        )}
        {types ? (
          <Badges types={types.get(dataset)} />
        ) : (
          !isLoading && <ReadBadges dataset={dataset} />
        )}
      </span>
      <span class="row-count">
        {versions.length} {versions.length === 1 ? 'version' : 'versions'}
      </span>
      <span class="row-latest">{latest ?? 'none latest'}</span>
    </li>
  )
}

function Badges({ types = [] }: { types: readonly AssetType[] | undefined }) {
  return types.map((type) => <TypeBadge key={type} type={type} />)
}

/** In a large catalog, types are read when their row is seen. */
function ReadBadges({ dataset }: { dataset: string }) {
  const { ref, types } = useLatestTypes(dataset)
  return (
    <span ref={ref} class="row-read">
      <Badges types={types} />
    </span>
  )
}
