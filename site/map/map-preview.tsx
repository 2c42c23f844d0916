/** The map of a tile cache: its box, what to change about it, and what is under the pointer. */

import { useEffect, useMemo, useState } from 'preact/hooks'
import type { TileJson } from '../../packages/client/src/client.ts'
import type { Field } from '../asset/fields.tsx'
import { currentScheme, onScheme } from '../theme.ts'
import { FeatureAttributes } from './feature-attributes.tsx'
import { MapFailureNotice } from './map-failure.tsx'
import { MapStatus } from './map-status.tsx'
import { canFindData } from './map-view.ts'
import type { TileFeature } from './tile-feature.ts'
import { useAssetMap } from './use-asset-map.ts'
import { useCountries } from './use-countries.ts'

type Props = {
  /** Undefined while it loads: the map already has its size. */
  tileJson: TileJson | undefined
  /** Known before the TileJSON, so that nothing shifts when it is there. */
  isVector: boolean
  fields: Field[]
}

export function MapPreview({ tileJson, isVector, fields }: Props) {
  const scheme = useScheme()
  const [opacity, setOpacity] = useState(1)
  const [hasGraticule, setHasGraticule] = useState(false)
  const [hasCountries, setHasCountries] = useState(false)
  const countries = useCountries(hasCountries)
  const [features, setFeatures] = useState<TileFeature[]>()
  const [selected, setSelected] = useState<TileFeature>()
  const [hasNoData, setHasNoData] = useState(false)
  const look = useMemo(
    () => ({ scheme, opacity, hasGraticule, countries, selected }),
    [scheme, opacity, hasGraticule, countries, selected],
  )
  const { frame, container, map, zoom, tiles, failure } = useAssetMap(tileJson, look, {
    onInspect(found) {
      setFeatures(found)
      setSelected(found[0])
    },
  })
  // The features belong to the previous asset.
  useEffect(
    () => () => {
      close()
      setHasNoData(false)
    },
    [tileJson],
  )

  function close() {
    setFeatures(undefined)
    setSelected(undefined)
  }

  return (
    <figure ref={frame} class="map" aria-label="Map">
      <div class="map-box">
        <div ref={container} class="map-canvas" />
        {failure && <MapFailureNotice failure={failure} />}
        {/* Screen readers announce changes only in a live region that already exists. */}
        <div aria-live="polite">
          {features && (
            <FeatureAttributes
              features={features}
              selected={selected}
              fields={fields}
              onSelect={setSelected}
              onClose={() => {
                close()
                container.current?.querySelector('canvas')?.focus()
              }}
            />
          )}
        </div>
      </div>
      <figcaption>
        <MapStatus tileJson={tileJson} zoom={zoom} tiles={tiles} hasNoData={hasNoData} />
        <div class="actions">
          <label class="map-opacity">
            Opacity
            <input
              type="range"
              min="0"
              max="100"
              step="5"
              value={opacity * 100}
              onInput={({ currentTarget }) => setOpacity(currentTarget.valueAsNumber / 100)}
            />
          </label>
          <Check label="Countries" isOn={hasCountries} onChange={setHasCountries} />
          <Check label="Graticule" isOn={hasGraticule} onChange={setHasGraticule} />
          {isVector && (
            <>
              <button type="button" disabled={!map} onClick={() => map?.inspectCenter()}>
                Inspect the center
              </button>
              <button
                type="button"
                disabled={!map || !tileJson || !canFindData(tileJson)}
                onClick={async () => setHasNoData((await map?.zoomToData()) === false)}
              >
                Zoom to data
              </button>
            </>
          )}
        </div>
      </figcaption>
    </figure>
  )
}

type CheckProps = { label: string; isOn: boolean; onChange: (isOn: boolean) => void }

function Check({ label, isOn, onChange }: CheckProps) {
  return (
    <label class="map-check">
      <input
        type="checkbox"
        checked={isOn}
        onChange={({ currentTarget }) => onChange(currentTarget.checked)}
      />
      {label}
    </label>
  )
}

function useScheme() {
  const [scheme, setScheme] = useState(currentScheme)
  useEffect(() => onScheme(setScheme), [])
  return scheme
}
