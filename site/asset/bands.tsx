/** The bands of a raster. */

import type { Band } from '../../packages/client/src/client.ts'
import { DataTable } from '../ui/data-table.tsx'

export function BandTable({ bands }: { bands: (Band | null)[] }) {
  if (bands.length === 0) return <p>No bands are recorded.</p>
  return (
    <DataTable
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
    </DataTable>
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
