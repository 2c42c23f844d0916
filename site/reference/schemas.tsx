/** The named schemas: what their properties mean. */

import { DataTable } from '../ui/data-table.tsx'
import { Code } from './prose.tsx'
import { SchemaType } from './schema-type.tsx'
import type { Schema } from './spec.ts'

export function Schemas({ schemas }: { schemas: Record<string, Schema> }) {
  return (
    <section class="group" id="schemas" aria-labelledby="schemas-title">
      <h2 id="schemas-title">Schemas</h2>
      {Object.entries(schemas).map(([name, schema]) => (
        <details class="operation" key={name} id={`schema-${name}`}>
          <summary>
            <h3 class="mono">{name}</h3>
          </summary>
          <div class="body">
            {schema.description && (
              <p>
                <Code text={schema.description} />
              </p>
            )}
            {schema.properties ? (
              <Properties name={name} schema={schema} />
            ) : (
              <p>
                <SchemaType schema={schema} />
              </p>
            )}
          </div>
        </details>
      ))}
    </section>
  )
}

function Properties({ name, schema }: { name: string; schema: Schema }) {
  const { properties = {}, required = [] } = schema
  return (
    <DataTable caption={`Properties of ${name}`} columns={['Name', 'Type', 'Meaning']}>
      {Object.entries(properties).map(([property, value]) => (
        <tr key={property}>
          <th scope="row" class="mono">
            {property}
          </th>
          <td>
            <SchemaType schema={value} />
            {!required.includes(property) && <small>optional</small>}
          </td>
          <td>{value.description && <Code text={value.description} />}</td>
        </tr>
      ))}
    </DataTable>
  )
}
