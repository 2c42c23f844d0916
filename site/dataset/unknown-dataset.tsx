/** Says that there is no such dataset, and offers those with similar names. */

import { SimilarNames } from '../search/similar-names.tsx'
import { useSimilar } from '../search/use-similar.ts'
import { LinkTo } from '../ui/link-to.tsx'
import { HOME } from '../view.ts'

export function UnknownDataset({ dataset }: { dataset: string }) {
  const similar = useSimilar(dataset)
  return (
    <section class="problem unknown" role="alert">
      <h1>No dataset “{dataset}”</h1>
      <p>The link may be misspelled, or the dataset was removed from the catalog.</p>
      <SimilarNames datasets={similar} viewOf={(name) => ({ page: 'dataset', dataset: name })} />
      <p>
        <LinkTo view={HOME}>All datasets</LinkTo>
      </p>
    </section>
  )
}
