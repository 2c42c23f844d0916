/** The bands of a raster: what their pixels mean, and the values they have. */

import { Fragment } from 'preact'
import type { Band } from '../../packages/client/src/client.ts'
import { DataTable } from '../ui/data-table.tsx'
import { readStatistics, valueRows } from './band-values.ts'
import { HistogramBars } from './histogram.tsx'

type Props = { bands: (Band | null)[] }

export function BandTable({ bands }: Props) {
  if (bands.length === 0) return <p>No bands are recorded.</p>
  return (
    <>
      <div class="bands">
        <DataTable
          caption={`Bands (${bands.length})`}
          columns={['Meaning', 'Type', 'Unit', 'No data']}
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
            </tr>
          ))}
        </DataTable>
      </div>
      {bands.map((band, index) => {
        const name = band?.pixel_meaning || `band ${index + 1}`
        return (
          <Fragment key={index}>
            <Legend name={name} table={band?.values_table} />
            <BandStatistics name={name} statistics={band?.statistics} unit={band?.unit} />
          </Fragment>
        )
      })}
    </>
  )
}

function Legend({ name, table }: { name: string; table: Band['values_table'] | undefined }) {
  const rows = valueRows(table)
  if (rows.length === 0) return null
  const hasColors = rows.some(({ color }) => color)
  return (
    <div class="band-legend">
      <DataTable caption={`Values of ${name} (${rows.length})`} columns={['Value', 'Meaning']}>
        {rows.map(({ value, meaning, color }, index) => (
          <tr key={index}>
            <th scope="row">
              {hasColors && <Swatch color={color} />}
              {value}
            </th>
            <td>{meaning}</td>
          </tr>
        ))}
      </DataTable>
    </div>
  )
}

/** A value without a color has the room of one, so that values are in line. */
function Swatch({ color }: { color: string | undefined }) {
  if (!color) return <span class="swatch none" />
  return <span class="swatch" style={{ background: color }} />
}

type StatisticsProps = {
  name: string
  statistics: Band['statistics'] | undefined
  unit: string | null | undefined
}

function BandStatistics({ name, statistics, unit }: StatisticsProps) {
  const { figures, histogram } = readStatistics(statistics)
  if (figures.length === 0 && !histogram) return null
  const caption = `Statistics of ${name}${unit ? ` in ${unit}` : ''}`
  return (
    <div class="band-statistics">
      {figures.length > 0 && (
        <DataTable caption={caption} columns={['Statistic', 'Value']}>
          {figures.map(([figure, value]) => (
            <tr key={figure}>
              <th scope="row">{figure}</th>
              <td>{value}</td>
            </tr>
          ))}
        </DataTable>
      )}
      {histogram && <HistogramBars name={name} histogram={histogram} />}
    </div>
  )
}
