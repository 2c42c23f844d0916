/** The attributes of the features where the reader clicked, one feature at a time. */

import type { Field } from '../asset/fields.tsx'
import { attributeRows } from './attribute-rows.ts'
import type { Attributes, TileFeature } from './tile-feature.ts'

type Props = {
  features: TileFeature[]
  selected: TileFeature | undefined
  fields: Field[]
  onSelect: (feature: TileFeature) => void
  onClose: () => void
}

export function FeatureAttributes({ features, selected, fields, onSelect, onClose }: Props) {
  const index = selected ? features.indexOf(selected) : -1
  return (
    <section class="map-attributes" aria-label="Feature">
      <div class="actions">
        <strong>{title(features.length, index)}</strong>
        {features.length > 1 && (
          <Step
            label="Next feature"
            to={features[(index + 1) % features.length]}
            onStep={onSelect}
          />
        )}
        <button type="button" class="close quiet" aria-label="Close the feature" onClick={onClose}>
          ×
        </button>
      </div>
      {selected && <AttributeList attributes={selected.attributes} fields={fields} />}
    </section>
  )
}

type StepProps = {
  label: string
  to: TileFeature | undefined
  onStep: (feature: TileFeature) => void
}

function Step({ label, to, onStep }: StepProps) {
  return (
    <button type="button" class="quiet" aria-label={label} onClick={() => to && onStep(to)}>
      Next
    </button>
  )
}

function AttributeList({ attributes, fields }: { attributes: Attributes; fields: Field[] }) {
  const rows = attributeRows(attributes, fields)
  if (rows.length === 0) return <p>It has no attributes.</p>
  return (
    <dl aria-label="Attributes">
      {rows.map(({ name, label, value }) => (
        <div key={name}>
          <dt title={name}>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function title(count: number, index: number): string {
  if (count === 0) return 'No feature here'
  return count === 1 ? 'Feature' : `Feature ${index + 1} of ${count}`
}
