/** Accepted and refused values of every parameter, at and beyond each bound. */

import { beforeAll, describe, expect, it } from 'vitest'
import { resetCatalog, startIsolate } from '../../harness/worker.ts'

const HOST = 'https://parameters.example'
const TREE = '%F0%9F%8C%B2'

const TYPES = [
  'Dynamic vector tile cache',
  'Static vector tile cache',
  'Raster tile cache',
  'Raster tile set',
  'Database table',
  'Geo database table',
  'ESRI Shapefile',
  'Geopackage',
  'ndjson',
  'csv',
  'tsv',
  '1x1 grid',
  'COG',
]

let isolate: Awaited<ReturnType<typeof startIsolate>>
beforeAll(async () => {
  // With page size 1, both listings have 9 pages.
  await resetCatalog(Array.from({ length: 9 }, (_, n) => ({ dataset: `dataset_${n}` })))
  isolate = await startIsolate()
})

async function answerTo(pathAndQuery: string): Promise<{ status: number; body: unknown }> {
  const response = await isolate.fetch(HOST + pathAndQuery)
  return { status: response.status, body: await response.json() }
}

/** The query of `links.self`, decoded. */
async function canonicalQuery(pathAndQuery: string): Promise<string> {
  const { status, body } = await answerTo(pathAndQuery)
  expect(status).toBe(200)
  const { links } = body as { links: { self: string } }
  return decodeURIComponent(new URL(links.self).search)
}

type Fault = { loc: string[]; msg: string; type: string }

function fault(name: string, msg: string, type: string): Fault {
  return { loc: ['query', name], msg, type }
}

const mismatch = (name: string, pattern: string) =>
  fault(name, `string does not match regex "${pattern}"`, 'value_error.str.regex')
const tooLong = (name: string, limit: string) =>
  fault(name, `ensure this value has at most ${limit}`, 'value_error.any_str.max_length')
const notPermitted = (name: string, values: string[]) => {
  const permitted = values.map((value) => `'${value}'`).join(', ')
  const msg = `value is not a valid enumeration member; permitted: ${permitted}`
  return fault(name, msg, 'type_error.enum')
}
const noBoolean = (name: string) =>
  fault(name, 'value could not be parsed to a boolean', 'type_error.bool')
const noInteger = (name: string) =>
  fault(name, 'value is not a valid integer', 'type_error.integer')
const tooSmall = (name: string) =>
  fault(name, 'ensure this value is greater than or equal to 1', 'value_error.number.not_ge')
const pastLast = (number: string, pages: number) =>
  fault(
    'page[number]',
    `Page number ${number} is larger than the total page count: ${pages}`,
    'value_error.page',
  )

const DATASET_MISMATCH = mismatch('dataset', '^[a-z][a-z0-9_-]{2,}$')
const DATASET_TOO_LONG = tooLong('dataset', '255 characters')
const VERSION_MISMATCH = mismatch('version', '^v\\d{1,8}(\\.\\d{1,3}){0,2}$|^latest$')
const NO_TYPE = notPermitted('asset_type', TYPES)
const NO_STATUS = notPermitted('status', ['saved', 'pending', 'failed'])
const URI_TOO_LONG = tooLong('asset_uri', '2048 bytes')
const SEARCH_TOO_LONG = tooLong('search', '100 characters')
const nul = (name: string) =>
  fault(name, 'string must not contain NUL characters', 'value_error.str.nul')
const URI_NUL = nul('asset_uri')
const SEARCH_NUL = nul('search')
const SIZE_TOO_LARGE = fault(
  'page[size]',
  'ensure this value is less than or equal to 1000',
  'value_error.number.not_le',
)

describe('GET /assets accepts', () => {
  it.each([
    ['', ''],
    ['dataset=umd_tree_cover_loss', 'dataset=umd_tree_cover_loss'],
    ['dataset=abc', 'dataset=abc'],
    ['dataset=a12', 'dataset=a12'],
    ['dataset=a-b', 'dataset=a-b'],
    ['dataset=a__', 'dataset=a__'],
    ['dataset=a--', 'dataset=a--'],
    [`dataset=${'a'.repeat(255)}`, `dataset=${'a'.repeat(255)}`],
    ['version=v1.8', 'version=v1.8'],
    ['version=1.8', 'version=v1.8'],
    ['version=v0', 'version=v0'],
    ['version=20240301', 'version=v20240301'],
    ['version=v12345678.123.123', 'version=v12345678.123.123'],
    ['version=12345678.123.123', 'version=v12345678.123.123'],
    ['version=latest', 'version=latest'],
    ...TYPES.map((type) => [`asset_type=${encodeURIComponent(type)}`, `asset_type=${type}`]),
    ['asset_type=Raster+tile%20set', 'asset_type=Raster tile set'],
    ['asset_uri=', 'asset_uri='],
    ['asset_uri', 'asset_uri='],
    ['asset_uri=s3://a/b?c=d%26e%23f', 'asset_uri=s3://a/b?c=d&e#f'],
    ['asset_uri=a+b%20c%2Bd', 'asset_uri=a b c+d'],
    ['asset_uri=100%25', 'asset_uri=100%'],
    ['asset_uri=a%2520b', 'asset_uri=a%20b'],
    ['asset_uri=+x+', 'asset_uri= x '],
    ['asset_uri=%C3%A9%E2%80%A8', 'asset_uri=é\u2028'],
    [`asset_uri=${'a'.repeat(2048)}`, `asset_uri=${'a'.repeat(2048)}`],
    [`asset_uri=${TREE.repeat(512)}`, `asset_uri=${'🌲'.repeat(512)}`],
    [`asset_uri=${'%C3%A9'.repeat(1024)}`, `asset_uri=${'é'.repeat(1024)}`],
    ['is_latest=ON&is_default=0', 'is_latest=true&is_default=false'],
    ['is_latest=off&is_default=1', 'is_latest=false&is_default=true'],
    ['status=saved', 'status=saved'],
    ['status=pending', 'status=pending'],
    ['status=failed', 'status=failed'],
    ['dataset=x&dataset=abc&status=&status=saved', 'dataset=abc&status=saved'],
    ['%64ataset=abc', 'dataset=abc'],
    ['&&dataset=abc&', 'dataset=abc'],
    ['__proto__=x&constructor=y&toString=z&page=3&limit=x', ''],
    ['Dataset=A&VERSION=x&page[size=0&page[]=0', ''],
    [
      'status=failed&is_default=f&is_latest=t&asset_uri=x&asset_type=csv&version=2&dataset=abc',
      'dataset=abc&version=v2&asset_type=csv&asset_uri=x&is_latest=true&is_default=false&status=failed',
    ],
  ])('%s', async (search, filters) => {
    const paging = 'page[number]=1&page[size]=25'
    expect(await canonicalQuery(`/assets?${search}`)).toBe(
      filters === '' ? `?${paging}` : `?${filters}&${paging}`,
    )
  })

  const booleans: Record<'true' | 'false', string[]> = {
    true: ['true', 't', 'yes', 'y', 'on', '1', 'TRUE', 'T', 'Yes', 'Y', 'oN'],
    false: ['false', 'f', 'no', 'n', 'off', '0', 'FALSE', 'F', 'nO', 'N', 'oFF'],
  }
  const spellings = Object.entries(booleans).flatMap(([value, spelled]) =>
    spelled.flatMap((spelling) => [
      ['is_latest', spelling, value],
      ['is_default', spelling, value],
    ]),
  )
  it.each(spellings)('%s=%s as %s', async (name, spelling, value) => {
    expect(await canonicalQuery(`/assets?${name}=${spelling}`)).toBe(
      `?${name}=${value}&page[number]=1&page[size]=25`,
    )
  })
})

describe('GET /datasets accepts', () => {
  it.each([
    ['search=dataset_3', 'search=dataset 3&'],
    ['search=DataSet%203', 'search=dataset 3&'],
    ['search=+3%09-_dataset_', 'search=3 dataset&'],
    ['search=dataset+DATASET+data', 'search=dataset data&'],
    ['search=%E2%80%A8data%C2%A0set', 'search=data set&'],
    [`search=${'a+'.repeat(50)}`, 'search=a&'],
    ['search=%&search=data', 'search=data&'],
    ['search=', ''],
    ['search', ''],
    ['search=+-_%0A', ''],
    ['Search=x&q=x', ''],
  ])('%s', async (search, filter) => {
    expect(await canonicalQuery(`/datasets?${search}`)).toBe(
      `?${filter}page[number]=1&page[size]=25`,
    )
  })

  it.each([
    `search=${TREE.repeat(100)}`,
    `search=${'a'.repeat(100)}`,
    'search=%25',
    'search=%5C',
    'search=dataset%25',
    'search=dat*',
    "search='",
    'search=%22)',
    'search=%FF%C3',
    'search=%E2%84%AA',
  ])('%s, which no name contains', async (search) => {
    const { status, body } = await answerTo(`/datasets?${search}`)
    expect(status).toBe(200)
    expect(body).toMatchObject({ data: [], meta: { total_items: '0', total_pages: '1' } })
  })
})

describe('GET /datasets refuses', () => {
  it.each<[string, Fault]>([
    [`search=${'a'.repeat(101)}`, SEARCH_TOO_LONG],
    [`search=${'+'.repeat(101)}`, SEARCH_TOO_LONG],
    [`search=${TREE.repeat(101)}`, SEARCH_TOO_LONG],
    ['search=%00', SEARCH_NUL],
    ['search=tree%00cover', SEARCH_NUL],
    [`search=%00${'a'.repeat(100)}`, SEARCH_TOO_LONG],
    ['search=data&page[number]=2', pastLast('2', 1)],
    ['search=unknown&page[number]=2', pastLast('2', 1)],
  ])('%s', async (search, detail) => {
    expect(await answerTo(`/datasets?${search}`)).toEqual({
      status: 422,
      body: { detail: [detail] },
    })
  })

  it('all invalid parameters at once, the search first', async () => {
    expect(await answerTo('/datasets?page[size]=0&page[number]=x&search=%00')).toEqual({
      status: 422,
      body: { detail: [SEARCH_NUL, noInteger('page[number]'), tooSmall('page[size]')] },
    })
  })
})

describe.each(['/assets', '/datasets'])('GET %s accepts paging', (path) => {
  it.each([
    ['', '1', '25'],
    ['page[number]=9&page[size]=1', '9', '1'],
    ['page%5Bnumber%5D=2&page%5bsize%5d=3', '2', '3'],
    ['page[size]=1000', '1', '1000'],
    ['page[size]=999', '1', '999'],
    ['page[size]=1&page[number]=%2B007', '7', '1'],
    ['page[size]=1&page[number]=%20+7%0A', '7', '1'],
    ['page[size]=1&page[number]=%C2%85%1F7%E3%80%80', '7', '1'],
    [`page[size]=1&page[number]=${'0'.repeat(99)}7`, '7', '1'],
    [`page[number]=1&page[size]=${'+'.repeat(99)}7`, '1', '7'],
    ['page[size]=x&page[size]=2', '1', '2'],
    ['page[number]=2&page[number]=1', '1', '25'],
    ['page=7&size=7&page[]=7&page[limit]=7', '1', '25'],
  ])('%s', async (search, number, size) => {
    expect(await canonicalQuery(`${path}?${search}`)).toBe(
      `?page[number]=${number}&page[size]=${size}`,
    )
  })
})

describe('GET /assets refuses', () => {
  it.each<[string, Fault]>([
    ['dataset=', DATASET_MISMATCH],
    ['dataset=ab', DATASET_MISMATCH],
    ['dataset=1ab', DATASET_MISMATCH],
    ['dataset=_ab', DATASET_MISMATCH],
    ['dataset=-ab', DATASET_MISMATCH],
    ['dataset=Abc', DATASET_MISMATCH],
    ['dataset=abC', DATASET_MISMATCH],
    ['dataset=a.b', DATASET_MISMATCH],
    ['dataset=ab%C3%A9', DATASET_MISMATCH],
    ['dataset=+abc', DATASET_MISMATCH],
    ['dataset=abc%0A', DATASET_MISMATCH],
    ['dataset=ab%00c', DATASET_MISMATCH],
    [`dataset=${'a'.repeat(256)}`, DATASET_TOO_LONG],
    // Characters are code points.
    [`dataset=${TREE.repeat(255)}`, DATASET_MISMATCH],
    [`dataset=${TREE.repeat(256)}`, DATASET_TOO_LONG],

    ['version=', VERSION_MISMATCH],
    ['version=v', VERSION_MISMATCH],
    ['version=v123456789', VERSION_MISMATCH],
    ['version=123456789', VERSION_MISMATCH],
    ['version=v1.1234', VERSION_MISMATCH],
    ['version=v1.2.1234', VERSION_MISMATCH],
    ['version=v1.2.3.4', VERSION_MISMATCH],
    ['version=v1.', VERSION_MISMATCH],
    ['version=v.1', VERSION_MISMATCH],
    ['version=V1', VERSION_MISMATCH],
    ['version=vv1', VERSION_MISMATCH],
    ['version=v-1', VERSION_MISMATCH],
    ['version=+v1', VERSION_MISMATCH],
    ['version=v1%0A', VERSION_MISMATCH],
    ['version=v%D9%A1', VERSION_MISMATCH],
    ['version=Latest', VERSION_MISMATCH],
    ['version=vlatest', VERSION_MISMATCH],
    ['version=latest%0A', VERSION_MISMATCH],

    ['asset_type=', NO_TYPE],
    ['asset_type=CSV', NO_TYPE],
    ['asset_type=csv+', NO_TYPE],
    ['asset_type=Raster++tile+set', NO_TYPE],
    ['asset_type=toString', NO_TYPE],

    [`asset_uri=${'a'.repeat(2049)}`, URI_TOO_LONG],
    [`asset_uri=${TREE.repeat(512)}a`, URI_TOO_LONG],
    [`asset_uri=${'%C3%A9'.repeat(1024)}a`, URI_TOO_LONG],
    [`asset_uri=${'%C3%A9'.repeat(1025)}`, URI_TOO_LONG],
    ['asset_uri=%00', URI_NUL],
    ['asset_uri=a%00b', URI_NUL],
    [`asset_uri=%00${'a'.repeat(2048)}`, URI_TOO_LONG],

    ...['is_latest', 'is_default'].flatMap((name) =>
      ['', '2', '+true', 'true+', 'tru', 'yess', '01', 'null', 't%0A'].map(
        (value): [string, Fault] => [`${name}=${value}`, noBoolean(name)],
      ),
    ),

    ['status=', NO_STATUS],
    ['status=Saved', NO_STATUS],
    ['status=saved+', NO_STATUS],
    ['status=deleted', NO_STATUS],
    ['status=saved&status=x', NO_STATUS],
  ])('%s', async (search, detail) => {
    expect(await answerTo(`/assets?${search}`)).toEqual({ status: 422, body: { detail: [detail] } })
  })

  it('all invalid parameters at once, in the order of the parameter table', async () => {
    const search = 'page[size]=x&page[number]=0&status=x&is_default=x&is_latest=x&asset_uri=%00'
    expect(await answerTo(`/assets?${search}&asset_type=x&version=x&dataset=x`)).toEqual({
      status: 422,
      body: {
        detail: [
          DATASET_MISMATCH,
          VERSION_MISMATCH,
          NO_TYPE,
          URI_NUL,
          noBoolean('is_latest'),
          noBoolean('is_default'),
          NO_STATUS,
          tooSmall('page[number]'),
          noInteger('page[size]'),
        ],
      },
    })
  })

  it('nothing that GET /datasets ignores', async () => {
    const search = 'dataset=&version=x&asset_type=x&asset_uri=%00&is_latest=x&status=x'
    expect(await canonicalQuery(`/datasets?${search}`)).toBe('?page[number]=1&page[size]=25')
  })
})

describe.each(['/assets', '/datasets'])('GET %s refuses paging', (path) => {
  const noIntegers = [
    '',
    '+',
    '%2B',
    '-',
    '1.5',
    '1.0',
    '1e1',
    '0x10',
    '1_0',
    '1+0',
    '%D9%A1',
    '%EF%BB%BF7',
    '--1',
    'NaN',
    'Infinity',
    'true',
    '7%00',
    `${'0'.repeat(100)}7`,
    `${'+'.repeat(100)}7`,
  ]
  it.each<[string, Fault]>([
    ...['page[number]', 'page[size]'].flatMap((name) => [
      ...noIntegers.map((value): [string, Fault] => [`${name}=${value}`, noInteger(name)]),
      ...['0', '-0', '-1', '-9223372036854775809', `-${'9'.repeat(99)}`].map(
        (value): [string, Fault] => [`${name}=${value}`, tooSmall(name)],
      ),
    ]),
    ['page[size]=1001', SIZE_TOO_LARGE],
    ['page[size]=2147483648', SIZE_TOO_LARGE],
    ['page[size]=9223372036854775808', SIZE_TOO_LARGE],
    [`page[size]=${'9'.repeat(100)}`, SIZE_TOO_LARGE],
    ['page[number]=2', pastLast('2', 1)],
    ['page[number]=10&page[size]=1', pastLast('10', 9)],
    ['page[number]=2147483648&page[size]=1000', pastLast('2147483648', 1)],
    ['page[number]=9007199254740993', pastLast('9007199254740993', 1)],
    ['page[number]=9223372036854775808', pastLast('9223372036854775808', 1)],
    [`page[number]=${'9'.repeat(100)}`, pastLast('9'.repeat(100), 1)],
  ])('%s', async (search, detail) => {
    expect(await answerTo(`${path}?${search}`)).toEqual({ status: 422, body: { detail: [detail] } })
  })
})

describe.each(['', '/tilejson.json'])('GET /asset/{asset_id}%s', (suffix) => {
  it.each([
    ['00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-000000000000'],
    ['ffffffff-ffff-ffff-ffff-ffffffffffff', 'ffffffff-ffff-ffff-ffff-ffffffffffff'],
    ['ABCDEFAB-CDEF-4ABC-8DEF-ABCDEFABCDEF', 'abcdefab-cdef-4abc-8def-abcdefabcdef'],
    ['%61bcdefab-cdef-4abc-8def-abcdefabcdef', 'abcdefab-cdef-4abc-8def-abcdefabcdef'],
  ])('accepts %s', async (spelling, id) => {
    expect(await answerTo(`/asset/${spelling}${suffix}`)).toEqual({
      status: 404,
      body: { detail: `Could not find requested asset ${id}` },
    })
  })

  it.each([
    ['x'],
    ['0000000-0000-0000-0000-000000000000'],
    ['000000000-0000-0000-0000-000000000000'],
    ['00000000-0000-0000-0000-00000000000g'],
    ['00000000-0000-0000-0000-0000000000000'],
    ['00000000000000000000000000000000'],
    ['%7B00000000-0000-0000-0000-000000000000%7D'],
    ['00000000-0000-0000-0000-000000000000%0A'],
    ['%ff'],
    ['%00'],
  ])('refuses %s', async (id) => {
    const msg = 'value is not a valid uuid'
    expect(await answerTo(`/asset/${id}${suffix}`)).toEqual({
      status: 422,
      body: { detail: [{ loc: ['path', 'asset_id'], msg, type: 'type_error.uuid' }] },
    })
  })
})

describe('security: a megabyte of input', () => {
  const megabyte = 1_000_000

  it.each<[string, string, Fault]>([
    ['dataset', 'a'.repeat(megabyte), DATASET_TOO_LONG],
    ['dataset', TREE.repeat(megabyte / 12), DATASET_TOO_LONG],
    ['version', `v${'1'.repeat(megabyte)}`, VERSION_MISMATCH],
    ['version', `v1${'.1'.repeat(megabyte / 2)}`, VERSION_MISMATCH],
    ['asset_type', '+'.repeat(megabyte), NO_TYPE],
    ['asset_uri', '%C3%A9'.repeat(megabyte / 6), URI_TOO_LONG],
    ['is_latest', `${'+'.repeat(megabyte)}t`, noBoolean('is_latest')],
    ['status', 'saved'.repeat(megabyte / 5), NO_STATUS],
    ['page[number]', `1${'+'.repeat(megabyte)}1`, noInteger('page[number]')],
    ['page[number]', '9'.repeat(megabyte), noInteger('page[number]')],
    ['page[size]', `${'%E2%80%A8'.repeat(megabyte / 9)}x`, noInteger('page[size]')],
    // Quadratic work would take these tests many minutes.
  ])('in %s is refused in linear time (%#)', async (name, value, detail) => {
    expect(await answerTo(`/assets?${name}=${value}`)).toEqual({
      status: 422,
      body: { detail: [detail] },
    })
  })

  it.each(['+'.repeat(megabyte), 'a+'.repeat(megabyte / 2), TREE.repeat(megabyte / 12)])(
    'in search is refused in linear time (%#)',
    async (value) => {
      expect(await answerTo(`/datasets?search=${value}`)).toEqual({
        status: 422,
        body: { detail: [SEARCH_TOO_LONG] },
      })
    },
  )
})
