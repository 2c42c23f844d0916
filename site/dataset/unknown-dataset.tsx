/** Says that there is no such dataset, and offers those with similar names. */

import { useCallback } from 'preact/hooks'
import { useApp } from '../app.ts'
import { LinkTo } from '../ui/link-to.tsx'
import { useLoaded } from '../ui/use-loaded.ts'
import { HOME } from '../view.ts'
import { similarDatasets } from './similar-names.ts'

export function UnknownDataset({ dataset }: { dataset: string }) {
  const { client } = useApp()
  const similar = useLoaded(
    useCallback((signal) => similarDatasets(client, dataset, signal), [client, dataset]),
  )
  const names = similar.value ?? []
  return (
    <section class="problem unknown" role="alert">
      <h1>No dataset “{dataset}”</h1>
      <p>The link may be misspelled, or the dataset was removed from the catalog.</p>
      {names.length > 0 && (
        <>
          <p>Datasets with similar names:</p>
          <ul class="similar">
            {names.map((name) => (
              <li key={name}>
                <LinkTo view={{ page: 'dataset', dataset: name }}>{name}</LinkTo>
              </li>
            ))}
          </ul>
        </>
      )}
      <p>
        <LinkTo view={HOME}>All datasets</LinkTo>
      </p>
    </section>
  )
}
