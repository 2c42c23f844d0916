import { describe, expect, it } from 'vitest'
import { groupByPrefix } from '../../../site/home/dataset-groups.ts'
import { shippedDatasets } from './shipped-datasets.ts'

const NAMES = await shippedDatasets()

function group(names: string[]): Record<string, string[]> {
  const groups = groupByPrefix(names.map((dataset) => ({ dataset })))
  return Object.fromEntries(
    groups.map(({ prefix = 'other', items }) => [prefix, items.map(({ dataset }) => dataset)]),
  )
}

describe('groupByPrefix', () => {
  it('groups names by their first word, and puts single ones last', () => {
    expect(group(['aqueduct_a', 'bra_biomes', 'umd_a', 'umd_b', 'wdpa_a', 'wdpa_b'])).toEqual({
      umd_: ['umd_a', 'umd_b'],
      wdpa_: ['wdpa_a', 'wdpa_b'],
      other: ['aqueduct_a', 'bra_biomes'],
    })
  })

  it('groups chained names by the parts that five of them share', () => {
    const tcl = ['1', '2', '3', '4', '5'].map((level) => `gadm__tcl__adm${level}_change`)
    expect(group([...tcl, 'gadm__viirs__adm1', 'gadm_boundaries'])).toEqual({
      gadm_: ['gadm__viirs__adm1', 'gadm_boundaries'],
      gadm__tcl__: tcl,
    })
  })

  it('keeps single ones in groups of their own if asked', () => {
    const items = ['bra_biomes', 'umd_a', 'umd_b'].map((dataset) => ({ dataset }))
    expect(groupByPrefix(items, 1).map(({ prefix }) => prefix)).toEqual(['bra_', 'umd_'])
  })

  it('takes a name without a separator as one that shares no prefix', () => {
    expect(group(['abc', 'abd'])).toEqual({ other: ['abc', 'abd'] })
  })

  it('puts each of GFW’s datasets into one group', () => {
    const groups = group(NAMES)
    expect(Object.values(groups).flat().sort()).toEqual(NAMES)
    const { gfw_, umd_, geostore__, gadm__tcl__, wdpa_protected_areas__, other } = groups
    expect([gfw_, umd_, geostore__, gadm__tcl__, wdpa_protected_areas__, other]).toMatchObject([
      { length: 75 },
      { length: 18 },
      { length: 10 },
      { length: 9 },
      { length: 10 },
      { length: 21 },
    ])
  })
})
