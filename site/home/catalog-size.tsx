/** Says what the catalog holds. */

import { count } from '../ui/count.ts'
import type { Catalog } from './catalog-index.ts'

export function CatalogSize({ catalog }: { catalog: Catalog | undefined }) {
  if (!catalog) {
    return (
      <p class="catalog-size">
        <span class="skeleton" />
      </p>
    )
  }
  const { datasets, isWhole, totalDatasets, totalAssets } = catalog
  const versions = datasets.reduce((sum, dataset) => sum + dataset.versions.length, 0)
  return (
    <p class="catalog-size">
      {count(totalDatasets, 'dataset')}
      {isWhole && ` in ${count(versions, 'version')}`}, with {count(totalAssets, 'asset')}: map
      tiles, rasters, tables and files.
    </p>
  )
}
