/** A parameter of an operation: what it means, and a field for its value. */

import { Code } from './prose.tsx'
import { SchemaType } from './schema-type.tsx'
import { choicesOf, type Parameter, type Spec } from './spec.ts'

type Props = {
  spec: Spec
  /** Distinguishes the fields of operations that have parameters of the same name. */
  id: string
  parameter: Parameter
  value: string
  onValue: (value: string) => void
}

export function ParameterField({ spec, id, parameter, value, onValue }: Props) {
  const { name, in: place, description, required = false, schema, example } = parameter
  const choices = choicesOf(spec, schema)
  const about = `${id}-about`
  const change = ({ currentTarget }: Event) => {
    const isField =
      currentTarget instanceof HTMLInputElement || currentTarget instanceof HTMLSelectElement
    if (isField) onValue(currentTarget.value)
  }
  return (
    <div class="parameter">
      <label for={id} class="mono">
        {name}
      </label>
      {choices.length > 0 ? (
        <select
          id={id}
          value={value}
          required={required}
          onChange={change}
          aria-describedby={about}
        >
          <option value="">any</option>
          {choices.map((choice) => (
            <option key={choice}>{choice}</option>
          ))}
        </select>
      ) : (
        <input
          id={id}
          value={value}
          required={required}
          onInput={change}
          autocomplete="off"
          spellcheck={false}
          placeholder={schema.default === undefined ? '' : `${schema.default}`}
          aria-describedby={about}
        />
      )}
      <small id={about}>
        {place}, {required ? 'required, ' : ''}
        <SchemaType schema={schema} />. {description && <Code text={description} />} Example:{' '}
        <code>{`${example}`}</code>
      </small>
    </div>
  )
}
