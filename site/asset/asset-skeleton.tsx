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
      <div class="skeleton" style={{ height: '18rem' }} />
    </div>
  )
}
