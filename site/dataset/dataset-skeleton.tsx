/** The outline of a dataset's page while it loads. */

import { Breadcrumbs } from '../ui/breadcrumbs.tsx'
import { BreakableName } from '../ui/breakable-name.tsx'
import { HOME } from '../view.ts'

export function DatasetSkeleton({ dataset }: { dataset: string }) {
  return (
    <div class="split">
      <div class="dataset" aria-busy="true">
        <header class="dataset-header">
          <Breadcrumbs above={[{ name: 'Datasets', view: HOME }]} name={dataset} />
          <h1>
            <BreakableName name={dataset} />
          </h1>
          <div class="actions" />
        </header>
        <p role="status" class="visually-hidden">
          Loading…
        </p>
        <div class="dataset-columns">
          <span class="skeleton block" />
          <span class="skeleton block" />
        </div>
      </div>
    </div>
  )
}
