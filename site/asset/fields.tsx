/** The table of an asset's fields: the attributes of its features, or the columns of its table. */

import type { MetadataField } from '../../packages/client/src/client.ts'
import { BreakableName } from '../ui/breakable-name.tsx'
import { DataTable } from '../ui/data-table.tsx'

/** Null if what is recorded is not an object. */
export type Field = MetadataField | null

export function FieldTable({ fields }: { fields: Field[] }) {
  if (fields.length === 0) return <p>No fields are recorded.</p>
  const hasAliases = fields.some((field) => aliasOf(field) || field?.description)
  const columns = ['Name', ...(hasAliases ? ['Alias'] : []), 'Type', 'Unit']
  return (
    <div class="fields">
      <DataTable caption={`Fields (${fields.length})`} columns={columns}>
        {fields.map((field, index) => (
          <tr key={index}>
            <th scope="row">
              <code>
                <BreakableName name={field?.name ?? ''} />
              </code>
            </th>
            {hasAliases && (
              <td>
                {aliasOf(field)}
                {field?.description && <small>{field.description}</small>}
              </td>
            )}
            <td class="word">{field?.data_type}</td>
            <td class="word">{field?.unit}</td>
          </tr>
        ))}
      </DataTable>
    </div>
  )
}

/** Many aliases repeat the name. */
function aliasOf(field: Field): string | undefined {
  return field?.alias && field.alias !== field.name ? field.alias : undefined
}
