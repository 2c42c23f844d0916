/** Says that a version has more assets than one page, and leads to the listing, which has pages. */

import { formatNumber } from '../ui/count.ts'
import { LinkTo } from '../ui/link-to.tsx'
import type { AssetSet } from './load-dataset.ts'

type Props = {
  dataset: string
  version: string
  set: AssetSet
  /** Completes the sentence “The first 1,000 are …”. */
  use?: string
}

export function PartNote({ dataset, version, set, use = 'shown here' }: Props) {
  const { assets, total } = set
  if (total <= assets.length) return null
  return (
    <p class="note">
      {version} has {formatNumber(total)} assets; the first {formatNumber(assets.length)} are {use}.{' '}
      <LinkTo view={{ page: 'assets', query: { dataset, version } }}>See all</LinkTo>.
    </p>
  )
}
