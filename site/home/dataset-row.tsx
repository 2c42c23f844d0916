/** A row of the list of datasets. */

import { Component } from 'preact'
import type { Dataset } from '../../packages/client/src/client.ts'
import type { AssetType } from '../../src/api/asset-types.ts'
import { useVersionTypes } from '../asset/use-version-types.ts'
import { markMatches } from '../search/dataset-search.ts'
import { BreakableName } from '../ui/breakable-name.tsx'
import { LinkTo } from '../ui/link-to.tsx'
import { TypeBadge } from '../ui/type-badge.tsx'

type Props = {
  dataset: Dataset
  words: readonly string[]
  /** Undefined if they are read when the row is seen. */
  types: readonly AssetType[] | undefined
  isLoading: boolean
  /** The newest version with a map, if it is not the latest. */
  mapVersion: string | undefined
}

/** Drawn again only if its properties change: there can be a thousand rows. */
export class DatasetRow extends Component<Props> {
  override shouldComponentUpdate(next: Props): boolean {
    const { dataset, words, types, isLoading, mapVersion } = this.props
    return (
      next.dataset !== dataset ||
      next.words !== words ||
      next.types !== types ||
      next.isLoading !== isLoading ||
      next.mapVersion !== mapVersion
    )
  }

  override render() {
    const { words, types, isLoading, mapVersion } = this.props
    const { dataset, versions, latest } = this.props.dataset
    return (
      <li class="dataset-row">
        <LinkTo view={{ page: 'dataset', dataset }} class="row-link">
          {markMatches(dataset, words).map(({ text, isMatch }) =>
            isMatch ? (
              <mark>
                <BreakableName name={text} />
              </mark>
            ) : (
              <BreakableName name={text} />
            ),
          )}
        </LinkTo>
        <span class="row-types">
          {mapVersion && (
            <LinkTo view={{ page: 'dataset', dataset, version: mapVersion }} class="row-map">
              map in {mapVersion}
            </LinkTo>
          )}
          {types ? <Badges types={types} /> : !isLoading && <ReadBadges dataset={dataset} />}
        </span>
        <span class="row-count">
          {versions.length} {versions.length === 1 ? 'version' : 'versions'}
        </span>
        <span class="row-latest">{latest ?? 'none latest'}</span>
      </li>
    )
  }
}

function Badges({ types = [] }: { types: readonly AssetType[] | undefined }) {
  return types.map((type) => <TypeBadge key={type} type={type} />)
}

/** In a large catalog, types are read when their row is seen. */
function ReadBadges({ dataset }: { dataset: string }) {
  const { ref, types } = useVersionTypes({ dataset, version: 'latest' })
  return (
    <span ref={ref} class="row-read">
      <Badges types={types} />
    </span>
  )
}
