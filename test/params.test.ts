import { describe, expect, it } from 'vitest'
import { ApiError } from '../src/errors.ts'
import { assetQuerySchema, parseQuery } from '../src/params.ts'

const DEFAULT_PAGE = { 'page[number]': 1n, 'page[size]': 25 }

const TYPES =
  "'Dynamic vector tile cache', 'Static vector tile cache', 'Raster tile cache', 'Raster tile set', 'Database table', 'Geo database table', 'ESRI Shapefile', 'Geopackage', 'ndjson', 'csv', 'tsv', '1x1 grid', 'COG'"

function parse(search: string) {
  return parseQuery(assetQuerySchema, new URLSearchParams(search))
}

function faults(search: string) {
  try {
    parse(search)
  } catch (error) {
    if (error instanceof ApiError) return error.detail
  }
  throw new Error('no fault')
}

describe('accepts', () => {
  it.each([
    ['', {}],
    ['dataset=umd_tree_cover_loss', { dataset: 'umd_tree_cover_loss' }],
    [`dataset=${'a'.repeat(255)}`, { dataset: 'a'.repeat(255) }],
    ['version=v1.8', { version: 'v1.8' }],
    ['version=1.8', { version: 'v1.8' }],
    ['version=20240301', { version: 'v20240301' }],
    ['version=latest', { version: 'latest' }],
    ['asset_type=Raster+tile%20set', { asset_type: 'Raster tile set' }],
    ['asset_uri=', { asset_uri: '' }],
    ['asset_uri=%ff', { asset_uri: '\ufffd' }],
    [`asset_uri=${'a'.repeat(2048)}`, { asset_uri: 'a'.repeat(2048) }],
    [`asset_uri=${'%F0%9F%8C%B2'.repeat(512)}`, { asset_uri: '🌲'.repeat(512) }],
    ['is_latest=Yes', { is_latest: true }],
    ['is_latest=ON&is_default=0', { is_latest: true, is_default: false }],
    ['status=failed', { status: 'failed' }],
    ['page[number]=%2B007', { 'page[number]': 7n }],
    ['page%5Bnumber%5D=%20+7%0A', { 'page[number]': 7n }],
    ['page[number]=%C2%85%1F7%E3%80%80', { 'page[number]': 7n }],
    [`page[number]=${'0'.repeat(99)}7`, { 'page[number]': 7n }],
    [`page[size]=${'+'.repeat(98)}%2B7`, { 'page[size]': 7 }],
    ['page[number]=9223372036854775808', { 'page[number]': 9223372036854775808n }],
    ['page[size]=1000', { 'page[size]': 1000 }],
    ['page[size]=x&page[size]=2', { 'page[size]': 2 }],
    ['__proto__=x&constructor=y&toString=z', {}],
  ])('%s', (search, query) => {
    expect(parse(search)).toEqual({ ...DEFAULT_PAGE, ...query })
  })

  it.each(['true', 't', 'yes', 'y', 'on', '1', 'TRUE', 'oN'])('%s as true', (value) => {
    expect(parse(`is_default=${value}`).is_default).toBe(true)
  })

  it.each(['false', 'f', 'no', 'n', 'off', '0', 'FALSE', 'oFF'])('%s as false', (value) => {
    expect(parse(`is_default=${value}`).is_default).toBe(false)
  })
})

describe('refuses', () => {
  const datasetPattern = 'string does not match regex "^[a-z][a-z0-9_-]{2,}$"'
  const versionPattern = 'string does not match regex "^v\\d{1,8}(\\.\\d{1,3}){0,2}$|^latest$"'
  const integer = 'value is not a valid integer'
  const bool = 'value could not be parsed to a boolean'

  it.each([
    ['dataset=', 'dataset', datasetPattern, 'value_error.str.regex'],
    ['dataset=ab', 'dataset', datasetPattern, 'value_error.str.regex'],
    ['dataset=abc%0A', 'dataset', datasetPattern, 'value_error.str.regex'],
    ['dataset=a%00b', 'dataset', datasetPattern, 'value_error.str.regex'],
    [
      `dataset=${'a'.repeat(256)}`,
      'dataset',
      'ensure this value has at most 255 characters',
      'value_error.any_str.max_length',
    ],
    ['version=v%D9%A1', 'version', versionPattern, 'value_error.str.regex'],
    ['version=v1.2.3.4', 'version', versionPattern, 'value_error.str.regex'],
    ['version=latest%0A', 'version', versionPattern, 'value_error.str.regex'],
    ['version=', 'version', versionPattern, 'value_error.str.regex'],
    [
      'asset_type=CSV',
      'asset_type',
      `value is not a valid enumeration member; permitted: ${TYPES}`,
      'type_error.enum',
    ],
    [
      'asset_uri=a%00b',
      'asset_uri',
      'string must not contain NUL characters',
      'value_error.str.nul',
    ],
    ...['a'.repeat(2049), `${'%F0%9F%8C%B2'.repeat(512)}a`, 'é'.repeat(1025)].map((uri) => [
      `asset_uri=${uri}`,
      'asset_uri',
      'ensure this value has at most 2048 bytes',
      'value_error.any_str.max_length',
    ]),
    [
      `dataset=${'🌲'.repeat(256)}`,
      'dataset',
      'ensure this value has at most 255 characters',
      'value_error.any_str.max_length',
    ],
    [`dataset=${'🌲'.repeat(255)}`, 'dataset', datasetPattern, 'value_error.str.regex'],
    ['is_latest=', 'is_latest', bool, 'type_error.bool'],
    ['is_latest=+true', 'is_latest', bool, 'type_error.bool'],
    ['is_default=2', 'is_default', bool, 'type_error.bool'],
    [
      'status=Saved',
      'status',
      "value is not a valid enumeration member; permitted: 'saved', 'pending', 'failed'",
      'type_error.enum',
    ],
    ['page[number]=', 'page[number]', integer, 'type_error.integer'],
    ['page[number]=%EF%BB%BF7', 'page[number]', integer, 'type_error.integer'],
    [`page[number]=${'0'.repeat(100)}7`, 'page[number]', integer, 'type_error.integer'],
    [`page[size]=${'+'.repeat(99)}%2B7`, 'page[size]', integer, 'type_error.integer'],
    ['page[number]=1.5', 'page[number]', integer, 'type_error.integer'],
    ['page[number]=1e1', 'page[number]', integer, 'type_error.integer'],
    ['page[number]=0x10', 'page[number]', integer, 'type_error.integer'],
    ['page[number]=1_0', 'page[number]', integer, 'type_error.integer'],
    ['page[number]=%D9%A1', 'page[number]', integer, 'type_error.integer'],
    [
      'page[number]=-1',
      'page[number]',
      'ensure this value is greater than or equal to 1',
      'value_error.number.not_ge',
    ],
    [
      'page[size]=0',
      'page[size]',
      'ensure this value is greater than or equal to 1',
      'value_error.number.not_ge',
    ],
    [
      'page[size]=1001',
      'page[size]',
      'ensure this value is less than or equal to 1000',
      'value_error.number.not_le',
    ],
    [
      'page[size]=99999999999999999999999',
      'page[size]',
      'ensure this value is less than or equal to 1000',
      'value_error.number.not_le',
    ],
  ])('%s', (search, name, msg, type) => {
    expect(faults(search)).toEqual([{ loc: ['query', name], msg, type }])
  })

  it('all faults at once, in the order of the parameter table', () => {
    const search = 'page[size]=x&page[number]=0&status=x&is_default=x&is_latest=x&asset_uri=%00'
    const detail = faults(`${search}&asset_type=x&version=x&dataset=x`)
    expect(Array.isArray(detail) && detail.map(({ loc }) => loc[1])).toEqual([
      'dataset',
      'version',
      'asset_type',
      'asset_uri',
      'is_latest',
      'is_default',
      'status',
      'page[number]',
      'page[size]',
    ])
  })
})

describe('security: a megabyte of input', () => {
  const megabyte = 1_000_000

  it.each([
    ['dataset', 'a'.repeat(megabyte), 'value_error.any_str.max_length'],
    ['dataset', '🌲'.repeat(megabyte / 2), 'value_error.any_str.max_length'],
    ['version', `v${'1'.repeat(megabyte)}`, 'value_error.str.regex'],
    ['version', `v1${'.1'.repeat(megabyte / 2)}`, 'value_error.str.regex'],
    ['asset_type', ' '.repeat(megabyte), 'type_error.enum'],
    ['asset_uri', 'é'.repeat(megabyte / 2), 'value_error.any_str.max_length'],
    ['is_latest', `${' '.repeat(megabyte)}t`, 'type_error.bool'],
    ['status', 'saved'.repeat(megabyte / 5), 'type_error.enum'],
    ['page[number]', `1${' '.repeat(megabyte)}1`, 'type_error.integer'],
    ['page[number]', '9'.repeat(megabyte), 'type_error.integer'],
    ['page[size]', `${'\u2028'.repeat(megabyte / 2)}x`, 'type_error.integer'],
    // Quadratic work would take these tests many minutes.
  ])('in %s is refused in linear time (%#)', (name, value, type) => {
    const detail = faults(`${new URLSearchParams({ [name]: value })}`)
    expect(Array.isArray(detail) && detail.map(({ loc, type }) => [loc[1], type])).toEqual([
      [name, type],
    ])
  })
})
