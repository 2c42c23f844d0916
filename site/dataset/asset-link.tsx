/** A link that opens an asset of the dataset's page. */

import { LinkTo } from '../ui/link-to.tsx'
import { ToDetail } from '../ui/to-detail.tsx'
import type { DatasetView } from '../view.ts'

type Props = { assetId: string; name: string; view: DatasetView }

export function AssetLink({ assetId, name, view }: Props) {
  const isOpen = assetId === view.assetId
  return (
    <>
      <LinkTo
        view={{ ...view, assetId }}
        class="mono"
        current={isOpen ? 'true' : undefined}
        // A row is followed by the next: Back leads to the list, not through it.
        replace={view.assetId !== undefined}
      >
        {name}
      </LinkTo>
      {isOpen && <ToDetail />}
    </>
  )
}
