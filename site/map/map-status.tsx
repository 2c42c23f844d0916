/** The zoom of the map, and how many of its tiles are there. */

import type { TileJson } from '../../packages/client/src/client.ts'
import { tileZooms, zoomText } from './map-view.ts'
import type { TileCounts } from './tile-count.ts'

type Props = {
  tileJson: TileJson | undefined
  zoom: number | undefined
  tiles: TileCounts | undefined
  /** Whether *Zoom to data* found no features. */
  hasNoData: boolean
}

export function MapStatus({ tileJson, zoom, tiles, hasNoData }: Props) {
  if (!tileJson || zoom === undefined) return <p class="map-status muted">Loading the map…</p>
  const { shown, min, max } = tileZooms(tileJson, zoom)
  return (
    <p class="map-status muted">
      <span>{zoomText(zoom)}</span>
      <span role="status">
        {shown === undefined ? `Tiles start at z ${min}: zoom in` : `Tiles of z ${shown}`}
        {shown !== undefined && shown === max && ', the deepest'}
      </span>
      {tiles && <span role="status">{tileText(tiles)}</span>}
      <span role="status">
        {hasNoData &&
          'No features found in the tiles of the world. Zoom in to look for small ones.'}
      </span>
    </p>
  )
}

/** Tiles that fail are normal outside the data, and no alarm. */
export function tileText({ loaded, failed }: TileCounts): string {
  if (failed === 0) return ''
  const asked = loaded + failed
  if (loaded === 0) {
    const which =
      asked === 1 ? 'The tile here did not load' : `None of the ${asked} tiles here loaded`
    return `${which}. There may be no data here, or the host of the tiles cannot be reached.`
  }
  return `${failed} of ${asked} tiles did not load, which is normal outside the data.`
}
