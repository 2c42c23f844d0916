/** The map of a tile cache as the state of a component. MapLibre is loaded with the first map. */

import { useEffect, useRef, useState } from 'preact/hooks'
import type { TileJson } from '../../packages/client/src/client.ts'
import type { AssetMap } from './map.ts'
import type { MapLook } from './map-style.ts'
import type { TileCounts } from './tile-count.ts'
import type { TileFeature } from './tile-feature.ts'

/** `webgl`: the browser cannot draw a map. `script`: the map's code did not load. */
export type MapFailure = 'webgl' | 'script'

type Listeners = {
  onInspect: (features: TileFeature[]) => void
}

export function useAssetMap(tileJson: TileJson | undefined, look: MapLook, on: Listeners) {
  const frame = useRef<HTMLElement>(null)
  const container = useRef<HTMLDivElement>(null)
  const latest = useRef({ look, on })
  latest.current = { look, on }
  const [map, setMap] = useState<AssetMap>()
  const [zoom, setZoom] = useState<number>()
  const [tiles, setTiles] = useState<TileCounts>()
  const [failure, setFailure] = useState<MapFailure>()

  useEffect(() => {
    if (!tileJson) return
    if (!hasWebGl()) return setFailure('webgl')
    let isWanted = true
    let shown: AssetMap | undefined
    import('./map.ts')
      .then(
        ({ showMap }) => {
          if (!isWanted || !container.current || !frame.current) return
          shown = showMap({
            container: container.current,
            frame: frame.current,
            tileJson,
            look: latest.current.look,
            onInspect: (features) => latest.current.on.onInspect(features),
            onZoom: setZoom,
            onTiles: (next) => setTiles((last) => (isSame(last, next) ? last : next)),
          })
          setMap(shown)
        },
        () => setFailure('script'),
      )
      .catch(() => setFailure('webgl'))
    return () => {
      isWanted = false
      shown?.remove()
      setMap(undefined)
      setZoom(undefined)
      setTiles(undefined)
    }
  }, [tileJson])

  useEffect(() => map?.setLook(look), [map, look])

  return { frame, container, map, zoom, tiles, failure }
}

function isSame(last: TileCounts | undefined, next: TileCounts): boolean {
  return last?.loaded === next.loaded && last.failed === next.failed
}

/** Checked before MapLibre is loaded, which has no use without it. */
function hasWebGl(): boolean {
  const context = document.createElement('canvas').getContext('webgl2')
  // Browsers keep a few contexts alone.
  context?.getExtension('WEBGL_lose_context')?.loseContext()
  return context !== null
}
