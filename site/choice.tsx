/** A filter with known values. One that the URL has and nobody knows is shown too: the API judges it. */

type Props = {
  name: string
  label: string
  value: string | undefined
  options: readonly string[]
}

const SPELLINGS: Record<string, string> = { true: 'yes', false: 'no' }

export function Choice({ name, label, value = '', options }: Props) {
  const all = value === '' || options.includes(value) ? options : [value, ...options]
  return (
    <label>
      {label}
      <select name={name} value={value}>
        <option value="">any</option>
        {all.map((option) => (
          <option key={option} value={option}>
            {SPELLINGS[option] ?? option}
          </option>
        ))}
      </select>
    </label>
  )
}
