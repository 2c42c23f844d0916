/** The type of a value in words, with links to the schemas that have a name. */

import type { ComponentChildren } from 'preact'
import { nameOf, type Schema } from './spec.ts'

export function SchemaType({ schema }: { schema: Schema }): ComponentChildren {
  if (schema.$ref !== undefined) {
    const name = nameOf(schema.$ref)
    return <a href={`#schema-${name}`}>{name}</a>
  }
  const variants = schema.oneOf ?? schema.anyOf
  if (variants) {
    return variants.map((variant, index) => (
      <span key={variant.$ref ?? index}>
        {index > 0 && ' or '}
        <SchemaType schema={variant} />
      </span>
    ))
  }
  if (schema.type === 'array') {
    return (
      <>
        array of <SchemaType schema={schema.items ?? {}} />
      </>
    )
  }
  if (schema.enum) return schema.enum.join(' | ')
  const types = [schema.type ?? 'any'].flat().join(' or ')
  return schema.format ? `${types} (${schema.format})` : types
}
