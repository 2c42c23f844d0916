/** The place of an asset that is still loading. */

export function AssetSkeleton() {
  return (
    <div class="asset">
      <p class="visually-hidden" role="status">
        Loading the asset…
      </p>
      <div class="skeleton" style={{ height: '4rem', width: '70%' }} />
      <div class="skeleton" style={{ height: '6rem' }} />
      <div class="skeleton map-box" />
      <RecipeSkeleton />
    </div>
  )
}

/** The place of recipes that need the TileJSON. */
export function RecipeSkeleton() {
  return <div class="skeleton" style={{ height: '24rem' }} />
}
