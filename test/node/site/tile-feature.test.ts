import { expect, it } from 'vitest'
import { attributeRows } from '../../../site/map/attribute-rows.ts'
import { uniqueFeatures } from '../../../site/map/tile-feature.ts'

const field = {
  name: '',
  alias: null,
  description: null,
  data_type: 'text',
  unit: null,
  is_feature_info: true,
  is_filter: true,
}

it('shows attributes in the order of the fields, with alias and unit, then those not recorded', () => {
  const fields = [
    null,
    { ...field, name: 'area', alias: 'Area', unit: 'ha' },
    { ...field, name: 'missing', alias: 'Missing' },
    { ...field, name: 'iso', alias: '' },
  ]
  expect(attributeRows({ fid: 7, iso: 'BRA', area: 12.5 }, fields)).toEqual([
    { name: 'area', label: 'Area', value: '12.5 ha' },
    { name: 'iso', label: 'iso', value: 'BRA' },
    { name: 'fid', label: 'fid', value: '7' },
  ])
})

it('counts the parts of a feature in several tiles as one', () => {
  const one = { layer: 'fires', id: undefined, attributes: { name: 'a' } }
  const two = { layer: 'fires', id: 2, attributes: { name: 'a' } }
  const other = { layer: 'areas', id: 2, attributes: { name: 'a' } }
  expect(uniqueFeatures([one, two, { ...one }, { ...two, attributes: {} }, other])).toEqual([
    one,
    two,
    other,
  ])
})
