import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Fault, openCatalogFile } from '../../../tools/catalog/file.ts'
import { readCatalogFile, readEntries } from '../../harness/catalog-items.ts'

let directory: string

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'catalog-'))
})
afterAll(() => rm(directory, { recursive: true }))

const ASSET = {
  dataset: 'umd_loss',
  version: 'v1.8',
  asset_type: 'Geo database table',
  asset_uri: 'https://example.org/a',
}
const TILES = { ...ASSET, asset_type: 'Raster tile set' }

async function read(content: string | Uint8Array) {
  const path = join(directory, 'catalog')
  await writeFile(path, content)
  const items = await readCatalogFile(path)
  return items.map(({ line: _, ...item }) => item)
}

async function faultsOf(content: string): Promise<Fault[]> {
  const path = join(directory, 'catalog')
  await writeFile(path, content)
  return (await readEntries(path)).flatMap((entry) => ('faults' in entry ? entry.faults : []))
}

/** Faults of a file with one item per line. */
async function faults(...items: unknown[]): Promise<string[]> {
  const found = await faultsOf(items.map((item) => JSON.stringify(item)).join('\n'))
  return found.map(({ line, field, reason }) => `${line} ${field}: ${reason}`)
}

describe('forms', () => {
  it.each([
    [
      'a response of the API',
      JSON.stringify({ data: [ASSET], status: 'success', meta: { size: '1' } }),
    ],
    ['a response with one asset', JSON.stringify({ data: ASSET, status: 'success' })],
    ['a list', JSON.stringify([ASSET])],
    ['one line of NDJSON', JSON.stringify(ASSET)],
    ['NDJSON with blank lines', `\n${JSON.stringify(ASSET)}\r\n\n`],
    ['a document with commas first', `{"data":[${JSON.stringify(ASSET)}\n]}`],
    ['a document that ends on another line', `{"data":${JSON.stringify(ASSET)}\n}`],
    ['a byte order mark', `\u{FEFF}${JSON.stringify([ASSET])}`],
  ])('reads %s', async (_, content) => {
    expect(await read(content)).toEqual([ASSET])
  })

  it('splits NDJSON at \\n only', async () => {
    // U+2028 ends a line in JavaScript, not in JSON.
    const items = ['a\u{2028}b', 'a\r\nb'].map((asset_uri) => ({ ...ASSET, asset_uri }))
    expect(await read(items.map((item) => `${JSON.stringify(item)}\r\n`).join(''))).toEqual(items)
  })

  it('reads characters that are split between chunks', async () => {
    // Characters of three bytes, in chunks of 64 KiB: most chunks end within a character.
    const items = ['a', 'b'].map((asset_uri) => ({
      ...ASSET,
      asset_uri,
      metadata: { tags: ['☃'.repeat(40_000)] },
    }))
    expect(await read(items.map((item) => `${JSON.stringify(item)}\n`).join(''))).toEqual(items)
  })

  it('reports how many bytes have been read', async () => {
    const path = join(directory, 'bytes.ndjson')
    await writeFile(path, `${'é'.repeat(50_000)}\n`)
    await using file = await openCatalogFile(path)
    const reported: number[] = []
    await Array.fromAsync(file.entries((bytes) => reported.push(bytes)))
    expect([file.size, reported]).toEqual([100_001, [65_536, 100_001]])
  })

  it('reads an empty list', async () => {
    expect(await read('{"data":[]}')).toEqual([])
  })

  it('names the line where an item of a pretty-printed file starts', async () => {
    const data = [ASSET, { ...ASSET, version: 'latest' }, { ...ASSET, dataset: 'X{"[,' }]
    const found = await faultsOf(JSON.stringify({ links: ['a', ['b']], data }, null, 2))
    expect(found.map(({ line, field }) => [line, field])).toEqual([
      [15, 'version'],
      [21, 'dataset'],
    ])
  })

  it('names every fault with line, field and reason', async () => {
    const content = `{"data":[\n${JSON.stringify({ ...ASSET, version: '1', x: 1 })},\n7]}`
    expect(await faultsOf(content)).toEqual([
      {
        line: 2,
        field: 'version',
        reason: 'Invalid string: must match pattern /^v\\d{1,8}(\\.\\d{1,3}){0,2}$/',
      },
      { line: 2, field: 'x', reason: 'unknown key' },
      { line: 3, field: '', reason: 'Invalid input: expected object, received number' },
    ])
  })

  it.each([
    ['{"data":[\n{"a":1},\n{"b":}\n]}', [3]],
    ['{"data":[\n', [2]],
    ['', [1]],
    ['{"a":}\n{"b":}\n\n{"c":}', [1, 2, 4]],
    ['{"a":1}\n{"a":\nnull\n', [1, 1, 1, 1, 1, 2, 3]],
  ])('names the lines of %j that are not JSON', async (content, lines) => {
    expect((await faultsOf(content)).map(({ line }) => line)).toEqual(lines)
  })

  it.each([
    ['{"data":[\n{"a":1},\n]}', 3, 1, 'is not JSON: value expected at "]"'],
    ['[{\n"a":1,\n}]', 3, 1, 'is not JSON: property name expected at "}"'],
    ['{"a": NaN}', 1, 7, 'is not JSON: invalid symbol at "NaN"'],
    [`${JSON.stringify(ASSET)}\n{"b": NaN}`, 2, 7, 'is not JSON: invalid symbol at "NaN"'],
    [`\n${JSON.stringify(ASSET)}\n\n{"b": NaN}`, 4, 7, 'is not JSON: invalid symbol at "NaN"'],
    ["[{'a': 1}]", 1, 3, 'is not JSON: invalid symbol at "\'a\'"'],
    ['[a_word_of_20_letters]', 1, 2, 'is not JSON: invalid symbol at "a_word_of_20_letters"'],
    ['[a_word_of_21_letters_]', 1, 2, 'is not JSON: invalid symbol at "a_word_of_21_letters…"'],
    ['[1] // all', 1, 5, 'is not JSON: invalid comment token at "// all"'],
    ['[{"a": "b}]', 1, 8, 'is not JSON: unexpected end of string at "\\"b}]"'],
    ['dataset,version\numd,v1', 1, 1, 'is not JSON: invalid symbol at "dataset"'],
    ['', 1, 1, 'is not JSON: value expected at the end'],
    ['['.repeat(5000) + ']'.repeat(5000), 1, 101, 'is nested more than 100 levels deep'],
    ['['.repeat(5000), 1, 101, 'is nested more than 100 levels deep'],
  ])('names the place and the reason why %j is not JSON', async (content, line, column, reason) => {
    expect(await faultsOf(content)).toEqual([{ line, column, field: '', reason }])
  })

  it.each([
    ['a list', (item: string) => `[\n${item}\n]`],
    ['NDJSON', (item: string) => `{}\n${item}`],
  ])('refuses metadata that is nested too deep in %s', async (_, file) => {
    const nested = `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`
    const band = `{"pixel_meaning":"x","statistics":${nested}}`
    const item = JSON.stringify(TILES).replace(/}$/, `,"metadata":{"bands":[${band}]}}`)
    const [last] = (await faultsOf(file(item))).slice(-1)
    expect(last).toMatchObject({ line: 2, reason: 'is nested more than 100 levels deep' })
  })

  it('refuses a file that is missing or not UTF-8', async () => {
    await expect(readCatalogFile('/nowhere')).rejects.toThrow('/nowhere cannot be read: ENOENT')
    await expect(readCatalogFile('/')).rejects.toThrow('/ cannot be read: EISDIR')
    await expect(read(Buffer.from([0x5b, 0xff, 0x5d]))).rejects.toThrow('is not UTF-8 text')
  })
})

describe('items', () => {
  it.each([
    ['2019-08-24T14:15:22', '2019-08-24T14:15:22Z'],
    ['2019-08-24T14:15:22.123456', '2019-08-24T14:15:22.123456Z'],
    ['2019-08-24T14:15:22.1Z', '2019-08-24T14:15:22.1Z'],
    ['2020-02-29T14:15:22+05:30', '2020-02-29T14:15:22+05:30'],
  ])('reads the time %s', async (created_on, expected) => {
    expect(await read(JSON.stringify([{ ...ASSET, created_on }]))).toEqual([
      { ...ASSET, created_on: expected },
    ])
  })

  it.each([
    '2019-08-24',
    '2019-08-24T14:15Z',
    '2019-02-29T14:15:22Z',
    '2019-08-24T14:15:22.1234567Z',
    '2019-08-24T24:00:00Z',
    '0000-08-24T14:15:22Z',
    '0001-01-01T00:00:00+01:00',
    '9999-12-31T23:59:59-01:00',
    'infinity',
    1566656122,
  ])('refuses the time %s', async (updated_on) => {
    const found = await faults({ ...ASSET, updated_on })
    expect(new Set(found.map((fault) => fault.split(':')[0]))).toEqual(new Set(['1 updated_on']))
  })

  it.each([
    ['dataset', 'a'.repeat(255)],
    ['asset_uri', 'é'.repeat(1024)],
    ['asset_id', '00000000-0000-0000-0000-000000000001'],
    ['metadata', null],
    ['metadata', {}],
    ['metadata', { tags: null, fields: [{ name: 'iso', alias: null }] }],
  ])('accepts %s %j', async (key, value) => {
    expect(await read(JSON.stringify([{ ...ASSET, [key]: value }]))).toEqual([
      { ...ASSET, [key]: value },
    ])
  })

  it.each([
    ['dataset', 'a'.repeat(256)],
    ['dataset', 'ab'],
    ['dataset', 'umd_loss\n'],
    ['version', 'latest'],
    ['version', 'v1.2.3.4'],
    ['asset_type', 'Csv'],
    ['asset_uri', ''],
    ['asset_uri', 'é'.repeat(1025)],
    ['asset_uri', 'a\0'],
    ['asset_uri', 'a\u{d800}'],
    ['asset_id', 'b4695157'],
    ['status', 'done'],
    ['is_latest', 'true'],
    ['is_managed', null],
    ['metadata', []],
  ])('refuses %s %j', async (key, value) => {
    const found = await faults({ ...ASSET, [key]: value })
    expect(new Set(found.map((fault) => fault.split(':')[0]))).toEqual(new Set([`1 ${key}`]))
  })

  it('refuses an item without the keys that identify it', async () => {
    const found = await faults({})
    expect(found.map((fault) => fault.split(':')[0])).toEqual([
      '1 dataset',
      '1 version',
      '1 asset_type',
      '1 asset_uri',
    ])
  })

  it('refuses unknown keys everywhere', async () => {
    expect(
      await faults(
        {
          ...ASSET,
          color: 1,
          metadata: { min_zoom: 1, fields: [{ name: 'a', is_feature: true }] },
        },
        { ...TILES, metadata: { fields: [], bands: [{ pixel_meaning: 'x', nodata: 0 }] } },
      ),
    ).toEqual([
      '1 color: unknown key',
      '1 metadata.fields[0].is_feature: unknown key',
      '1 metadata.min_zoom: unknown key',
      '2 metadata.bands[0].nodata: unknown key',
      '2 metadata.fields: unknown key',
    ])
  })

  it('refuses a field without a name, a band without a meaning', async () => {
    expect(
      await faults(
        { ...ASSET, metadata: { fields: [{ alias: 'a' }, { name: null }] } },
        { ...TILES, metadata: { bands: [{}] } },
      ),
    ).toEqual([
      '1 metadata.fields[0].name: Invalid input: expected string, received undefined',
      '1 metadata.fields[1].name: Invalid input: expected string, received null',
      '2 metadata.bands[0].pixel_meaning: Invalid input: expected string, received undefined',
    ])
  })

  it('refuses a number that is too large', async () => {
    const band = '{"pixel_meaning":"x","statistics":{"max":1e400}}'
    const text = JSON.stringify(TILES).replace(/}$/, `,"metadata":{"bands":[${band}]}}`)
    expect(await faultsOf(text)).toEqual([
      { line: 1, field: 'metadata.bands[0].statistics.max', reason: 'is too large a number' },
    ])
  })

  it('refuses NUL deep in metadata, in keys too', async () => {
    const bands = [{ pixel_meaning: 'x', statistics: { 'a\0': { b: ['\0'] } } }]
    expect(await faults({ ...TILES, metadata: { bands } })).toEqual([
      '1 metadata.bands[0].statistics.a\0: contains NUL',
      '1 metadata.bands[0].statistics.a\0.b[0]: contains NUL',
    ])
  })
})

it('refuses metadata over the size limit of the database', async () => {
  const metadata = { tags: ['a'.repeat(2 ** 20)] }
  expect(await faults({ ...ASSET, metadata })).toEqual([
    expect.stringMatching(
      /^1 metadata: takes \d{7} bytes of JSON in the database; the limit is 1048576$/,
    ),
  ])
})

it.each<[string, unknown, string]>([
  ['asset_uri', 'a'.repeat(2049), '1 asset_uri: longer than 2048 bytes of UTF-8'],
  ['asset_uri', 'a\ud800', '1 asset_uri: is not Unicode text'],
  ['created_on', '2019-01-01', '1 created_on: Invalid ISO datetime'],
  [
    'created_on',
    '2019-01-01T00:00:00.1234567Z',
    '1 created_on: not an RFC 3339 time with at most six decimals',
  ],
  ['created_on', '9999-12-31T23:59:59-01:00', '1 created_on: not in the years 1 to 9999 in UTC'],
  [
    'metadata',
    { tags: ['a', null] },
    '1 metadata.tags[1]: Invalid input: expected string, received null',
  ],
])('gives the reason for refusing %s = %j', async (key, value, fault) => {
  expect(await faults({ ...ASSET, [key]: value })).toContain(fault)
})

it('refuses positive and negative infinity', async () => {
  const item = JSON.stringify({ ...TILES, metadata: { bands: [{ pixel_meaning: 'x' }] } })
  for (const number of ['1e400', '-1e400']) {
    const text = item.replace('"x"', `"x","no_data_value":${number}`)
    expect(await faultsOf(text)).toContainEqual({
      line: 1,
      field: 'metadata.bands[0].no_data_value',
      reason: 'is too large a number',
    })
  }
})

it('reads an asset_id in lower case, and a time without a zone as UTC', async () => {
  const asset_id = 'B4695157-0D1D-4DA0-8F9E-5C53149389E4'
  const item = { ...ASSET, asset_id, created_on: '2019-01-01T00:00:00.5' }
  expect(await read(JSON.stringify([item]))).toEqual([
    {
      ...ASSET,
      asset_id: 'b4695157-0d1d-4da0-8f9e-5c53149389e4',
      created_on: '2019-01-01T00:00:00.5Z',
    },
  ])
})

it('names the lines of the elements of data despite other lists', async () => {
  const wrong = { ...ASSET, version: 'latest' }
  const text = JSON.stringify(
    {
      a: { data: [1, [2]] },
      links: [[3], { data: [4] }],
      data: [wrong, ASSET, wrong],
      z: [[5], 6],
    },
    null,
    1,
  )
  expect((await faultsOf(text)).map(({ line }) => line)).toEqual([21, 33])
})
