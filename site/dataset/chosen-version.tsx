/** The chosen version: whether it has a map, and its assets or how they differ from another's. */

import { Notice } from '../ui/notice.tsx'
import type { DatasetView } from '../view.ts'
import { AssetGroups } from './asset-groups.tsx'
import { CompareChoice } from './compare-choice.tsx'
import { Comparison } from './comparison.tsx'
import type { DatasetContent } from './load-dataset.ts'
import { NoMap } from './no-map.tsx'
import { PartNote } from './part-note.tsx'
import { useVersionAssets } from './use-version-assets.ts'

type Props = { content: DatasetContent; view: DatasetView; chosen: string }

export function ChosenVersion({ content, view, chosen }: Props) {
  const { set, problem, retry } = useVersionAssets(content, chosen)
  const { versions } = content
  const other = versions.find((version) => version === view.compare && version !== chosen)
  return (
    <section class="chosen-version" aria-labelledby="assets">
      <div class="actions">
        <h2 id="assets">{other ? `${chosen} compared with ${other}` : `Assets of ${chosen}`}</h2>
        {versions.length > 1 && <CompareChoice {...{ versions, chosen, other, view }} />}
      </div>
      {problem && <Notice problem={problem} onRetry={retry} />}
      {!set && !problem && <span class="skeleton block" />}
      {set && other && <Comparison {...{ content, set, chosen, other, view }} />}
      {set && !other && (
        <>
          <NoMap content={content} set={set} chosen={chosen} />
          <PartNote dataset={content.dataset} version={chosen} set={set} />
          <AssetGroups set={set} view={view} />
          {set.total === 0 && <p>No assets are recorded for this version.</p>}
        </>
      )}
    </section>
  )
}
