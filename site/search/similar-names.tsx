/** Links to the datasets whose names are like one that does not exist. */

import type { Dataset } from '../../packages/client/src/client.ts'
import { BreakableName } from '../ui/breakable-name.tsx'
import { LinkTo } from '../ui/link-to.tsx'
import type { View } from '../view.ts'

type Props = {
  datasets: readonly Dataset[]
  /** The view that a name leads to. */
  viewOf: (name: string) => View
}

export function SimilarNames({ datasets, viewOf }: Props) {
  if (datasets.length === 0) return null
  return (
    <>
      <p>Datasets with similar names:</p>
      <ul class="similar">
        {datasets.map(({ dataset }) => (
          <li key={dataset}>
            <LinkTo view={viewOf(dataset)}>
              <BreakableName name={dataset} />
            </LinkTo>
          </li>
        ))}
      </ul>
    </>
  )
}
