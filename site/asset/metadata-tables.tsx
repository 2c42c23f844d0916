/** Tables of an asset's fields (vector data, tables) and bands (rasters). */

import type { ComponentChildren } from 'preact'
import type { Band, MetadataField } from '../../packages/client/src/client.ts'

/** Null if what is recorded is not an object. */
export type Field = MetadataField | null

export function FieldTable({ fields }: { fields: Field[] }) {
  if (fields.length === 0) return <p>No fields are recorded.</p>
  return (
    <Table caption={`Fields (${fields.length})`} columns={['Name', 'Alias', 'Type', 'Unit']}>
      {fields.map((field, index) => (
        <tr key={index}>
          <th scope="row">
            <code>{field?.name}</code>
          </th>
          <td>
            {field?.alias}
            {field?.description && <small>{field.description}</small>}
          </td>
          <td>{field?.data_type}</td>
          <td>{field?.unit}</td>
        </tr>
      ))}
    </Table>
  )
}

export function BandTable({ bands }: { bands: (Band | null)[] }) {
  if (bands.length === 0) return <p>No bands are recorded.</p>
  return (
    <Table
      caption={`Bands (${bands.length})`}
      columns={['Meaning', 'Type', 'Unit', 'No data', 'Values']}
    >
      {bands.map((band, index) => (
        <tr key={index}>
          <th scope="row">
            {band?.pixel_meaning}
            {band?.description && <small>{band.description}</small>}
          </th>
          <td>
            {band?.data_type}
            {band?.compression && <small>{band.compression}</small>}
          </td>
          <td>{band?.unit}</td>
          <td>{band?.no_data_value}</td>
          <td>
            <JsonDetails name="statistics" value={band?.statistics} />
            <JsonDetails name="values" value={band?.values_table} />
          </td>
        </tr>
      ))}
    </Table>
  )
}

/** Collapsed JSON of any shape. */
function JsonDetails({ name, value }: { name: string; value: object | null | undefined }) {
  if (!value) return null
  return (
    <details>
      <summary>{name}</summary>
      <pre>{JSON.stringify(value, null, 2)}</pre>
    </details>
  )
}

type TableProps = { caption: string; columns: string[]; children: ComponentChildren }

function Table({ caption, columns, children }: TableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to take the focus
    <section class="scroll" aria-label={caption} tabIndex={0}>
      <table>
        <caption>{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </section>
  )
}
