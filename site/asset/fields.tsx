/** The table of an asset's fields: the attributes of its features, or the columns of its table. */

import type { MetadataField } from '../../packages/client/src/client.ts'
import { DataTable } from '../ui/data-table.tsx'

/** Null if what is recorded is not an object. */
export type Field = MetadataField | null

export function FieldTable({ fields }: { fields: Field[] }) {
  if (fields.length === 0) return <p>No fields are recorded.</p>
  return (
    <DataTable caption={`Fields (${fields.length})`} columns={['Name', 'Alias', 'Type', 'Unit']}>
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
    </DataTable>
  )
}
