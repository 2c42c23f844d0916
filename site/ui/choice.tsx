/** A select filter. It also shows an unknown value from the URL, which the API then rejects. */

type Props = {
  name: string
  label: string
  value: string | undefined
  options: readonly string[]
}

const LABELS: Record<string, string> = { true: 'yes', false: 'no' }

export function Choice({ name, label, value = '', options }: Props) {
  const all = value === '' || options.includes(value) ? options : [value, ...options]
  return (
    <label>
      {label}
      <select name={name} value={value}>
        <option value="">any</option>
        {all.map((option) => (
          <option key={option} value={option}>
            {LABELS[option] ?? option}
          </option>
        ))}
      </select>
    </label>
  )
}
