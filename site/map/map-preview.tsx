/** The map of a tile cache. MapLibre is loaded with the first map. */

import { useEffect, useRef, useState } from 'preact/hooks'
import type { TileJson } from '../../packages/client/src/client.ts'
import type { Field } from '../asset/fields.tsx'
import type { AssetMap, Attributes } from './map.ts'

type Props = { tileJson: TileJson; fields: Field[] }

export function MapPreview({ tileJson, fields }: Props) {
  const container = useRef<HTMLDivElement>(null)
  const map = useRef<AssetMap>(null)
  const [attributes, setAttributes] = useState<Attributes>()
  const { minzoom = 0, vector_layers: layers } = tileJson
  const [zoom, setZoom] = useState(minzoom)
  const [errorText, setErrorText] = useState('')

  useEffect(() => {
    let isUnmounted = false
    import('./map.ts')
      .then(({ showMap }) => {
        if (isUnmounted || !container.current) return
        map.current = showMap(container.current, tileJson, {
          onAttributes: setAttributes,
          onZoom: setZoom,
          onError: setErrorText,
        })
      })
      .catch(() => setErrorText('The map could not be shown: it needs WebGL and its script.'))
    return () => {
      isUnmounted = true
      map.current?.remove()
    }
  }, [tileJson])

  return (
    <figure class="map">
      <div ref={container} class="map-canvas" />
      <figcaption>
        {zoom < minzoom && <p role="status">Tiles start at zoom {minzoom}: zoom in.</p>}
        {errorText && <p role="status">{errorText}</p>}
        {layers && (
          <p>
            Click on a feature to see its attributes, or{' '}
            <button type="button" onClick={() => map.current?.inspectCenter()}>
              inspect the center of the map
            </button>
          </p>
        )}
        {/* Screen readers announce changes only in a live region that already exists. */}
        <div aria-live="polite">
          {attributes && <AttributeList attributes={attributes} fields={fields} />}
        </div>
      </figcaption>
    </figure>
  )
}

function AttributeList({ attributes, fields }: { attributes: Attributes; fields: Field[] }) {
  const entries = Object.entries(attributes)
  const alias = (name: string) => fields.find((field) => field?.name === name)?.alias ?? name
  if (entries.length === 0) return <p>No feature here, or a feature without attributes.</p>
  return (
    <dl class="properties" aria-label="Attributes">
      {entries.map(([name, value]) => (
        <div key={name}>
          <dt title={name}>{alias(name)}</dt>
          <dd>{`${value}`}</dd>
        </div>
      ))}
    </dl>
  )
}
