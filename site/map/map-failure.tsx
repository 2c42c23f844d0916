/** Says in the map's place why there is no map, and what to do. */

import type { MapFailure } from './use-asset-map.ts'

export function MapFailureNotice({ failure }: { failure: MapFailure }) {
  return (
    <div class="map-failure" role="alert">
      {failure === 'webgl' ? (
        <>
          <p>
            <strong>This browser cannot draw the map: it has no WebGL 2.</strong>
          </p>
          <p>
            Turn on hardware acceleration in its settings, or use another browser. The URI and the
            recipes work all the same.
          </p>
        </>
      ) : (
        <>
          <p>
            <strong>The map's script did not load.</strong>
          </p>
          <p>Check your network connection, then load the page again.</p>
          <button type="button" onClick={() => location.reload()}>
            Reload the page
          </button>
        </>
      )}
    </div>
  )
}
