/** Says that the dataset has no such version, and offers the latest. */

import { LinkTo } from '../ui/link-to.tsx'
import type { DatasetContent } from './load-dataset.ts'

type Props = { content: DatasetContent; version: string }

export function UnknownVersion({ content: { dataset, latest }, version }: Props) {
  return (
    <section class="problem" role="alert">
      <h2>{version ? `No version “${version}”` : 'No versions'}</h2>
      {latest ? (
        <p>
          The latest version of {dataset} is{' '}
          <LinkTo view={{ page: 'dataset', dataset, version: latest }}>{latest}</LinkTo>.
        </p>
      ) : (
        <p>{dataset} has no versions yet.</p>
      )}
    </section>
  )
}
