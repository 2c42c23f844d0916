/** The attributes of a feature as rows to read. */

import type { Field } from '../asset/fields.tsx'
import type { Attributes } from './tile-feature.ts'

export type AttributeRow = { name: string; label: string; value: string }

/** Recorded fields come first, in their order, with their aliases and units. */
export function attributeRows(attributes: Attributes, fields: Field[]): AttributeRow[] {
  const names = Object.keys(attributes)
  const recorded = fields.flatMap((field) => field?.name ?? [])
  const ordered = [
    ...recorded.filter((name) => name in attributes),
    ...names.filter((name) => !recorded.includes(name)),
  ]
  return ordered.map((name) => {
    const field = fields.find((one) => one?.name === name)
    const unit = field?.unit ? ` ${field.unit}` : ''
    return { name, label: field?.alias || name, value: `${attributes[name]}${unit}` }
  })
}
