/** How the fields of an asset differ between two versions. */

import { compareFields, type FieldChange, type Pair } from './compare-versions.ts'

type Props = {
  type: string
  pair: Pair
  /** The versions. */
  older: string
  newer: string
  isBrief: boolean
}

export function FieldChanges({ type, pair, older, newer, isBrief }: Props) {
  if (!pair.older || !pair.newer) return null
  const fields = compareFields(pair.older, pair.newer)
  if (fields.length === 0) return null
  const changed = fields.filter(({ change }) => change !== 'same')
  const name = `${type} ${pair.newerName}`
  const unrecorded = unrecordedIn(fields, older, newer)
  return (
    <section class="field-changes">
      <h3>Fields of {name}</h3>
      {unrecorded ? (
        <p class="muted">
          {fields.length} in {unrecorded === older ? newer : older}; none are recorded for{' '}
          {unrecorded}.
        </p>
      ) : (
        <p class="muted">{summary(fields)}</p>
      )}
      {!unrecorded && (
        <Table fields={isBrief ? changed : fields} name={name} older={older} newer={newer} />
      )}
    </section>
  )
}

type TableProps = { fields: FieldChange[]; name: string; older: string; newer: string }

function Table({ fields, name, older, newer }: TableProps) {
  if (fields.length === 0) return null
  return (
    <table>
      <caption class="visually-hidden">Fields of {name}</caption>
      <thead>
        <tr>
          <th scope="col">Field</th>
          <th scope="col">{older}</th>
          <th scope="col">{newer}</th>
          <th scope="col">
            <span class="visually-hidden">Change</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {fields.map((field) => (
          <tr key={field.name}>
            <th scope="row">
              <code>{field.name}</code>
            </th>
            <td>{field.older ?? '–'}</td>
            <td>{field.newer ?? '–'}</td>
            <td>
              {field.change !== 'same' && (
                <span class={`badge ${field.change}`}>{LABELS[field.change]}</span>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

const LABELS = { added: 'added', removed: 'removed', changed: 'type changed' }

/** The version without any fields. */
function unrecordedIn(fields: FieldChange[], older: string, newer: string): string | undefined {
  if (fields.every(({ change }) => change === 'added')) return older
  if (fields.every(({ change }) => change === 'removed')) return newer
  return undefined
}

function summary(fields: FieldChange[]): string {
  const counts = Object.groupBy(fields, (field) => field.change)
  const { added = [], removed = [], changed = [], same = [] } = counts
  if (same.length === fields.length) return `All ${fields.length} are the same.`
  return `${added.length} added, ${removed.length} removed, ${changed.length} with another type, ${same.length} the same.`
}
