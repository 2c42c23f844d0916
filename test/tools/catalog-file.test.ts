import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CatalogFileError, readCatalogFile } from '../../tools/catalog-file.ts'

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

/** Faults as lines of text, as they are printed. */
async function faults(...items: unknown[]): Promise<string[]> {
  const error = await read(items.map((item) => JSON.stringify(item)).join('\n')).catch((e) => e)
  if (!(error instanceof CatalogFileError)) throw error
  return error.faults.map(({ line, field, reason }) => `${line} ${field}: ${reason}`)
}

describe('forms', () => {
  it.each([
    [
      'an answer of the API',
      JSON.stringify({ data: [ASSET], status: 'success', meta: { size: '1' } }),
    ],
    ['an answer with one asset', JSON.stringify({ data: ASSET, status: 'success' })],
    ['a list', JSON.stringify([ASSET])],
    ['one line of NDJSON', JSON.stringify(ASSET)],
    ['NDJSON with blank lines', `\n${JSON.stringify(ASSET)}\r\n\n`],
    ['a byte order mark', `\u{FEFF}${JSON.stringify([ASSET])}`],
  ])('reads %s', async (_, content) => {
    expect(await read(content)).toEqual([ASSET])
  })

  it('reads an empty list', async () => {
    expect(await read('{"data":[]}')).toEqual([])
  })

  it('names the line where an item of a pretty-printed file starts', async () => {
    const data = [ASSET, { ...ASSET, version: 'latest' }, { ...ASSET, dataset: 'X{"[,' }]
    const error = await read(JSON.stringify({ links: ['a', ['b']], data }, null, 2)).catch((e) => e)
    expect(
      error.faults.map(({ line, field }: { line: number; field: string }) => [line, field]),
    ).toEqual([
      [15, 'version'],
      [21, 'dataset'],
    ])
  })

  it('prints every fault with line, field and reason', async () => {
    const content = `{"data":[\n${JSON.stringify({ ...ASSET, version: '1', x: 1 })},\n7]}`
    await expect(read(content)).rejects.toThrow(
      `${join(directory, 'catalog')}: 3 faults, nothing was written\n` +
        '  line 2: version: Invalid string: must match pattern /^v\\d{1,8}(\\.\\d{1,3}){0,2}$/\n' +
        '  line 2: x: unknown key\n' +
        '  line 3: Invalid input: expected object, received number',
    )
  })

  it.each([
    ['{"data":[\n{"a":1},\n{"b":}\n]}', [3]],
    ['{"data":[\n', [2]],
    ['', [1]],
    ['{"a":1}\n{"a":\nnull\n', [1, 1, 1, 1, 1, 2, 3]],
  ])('names the lines of %j that are no JSON', async (content, lines) => {
    const error = await read(content).catch((e) => e)
    expect(error.faults.map(({ line }: { line: number }) => line)).toEqual(lines)
  })

  it.each([
    ['{"data":[\n{"a":1},\n]}', 'line 3, column 1: is not JSON: value expected at "]"'],
    ['[{\n"a":1,\n}]', 'line 3, column 1: is not JSON: property name expected at "}"'],
    ['{"a": NaN}', 'line 1, column 7: is not JSON: invalid symbol at "NaN"'],
    [
      `${JSON.stringify(ASSET)}\n{"b": NaN}`,
      'line 2, column 7: is not JSON: invalid symbol at "NaN"',
    ],
    ["[{'a': 1}]", 'line 1, column 3: is not JSON: invalid symbol at "\'a\'"'],
    ['[1] // all', 'line 1, column 5: is not JSON: invalid comment token at "// all"'],
    ['[{"a": "b}]', 'line 1, column 8: is not JSON: unexpected end of string at "\\"b}]"'],
    ['dataset,version\numd,v1', 'line 1, column 1: is not JSON: invalid symbol at "dataset"'],
    ['', 'line 1, column 1: is not JSON: value expected at its end'],
    [
      '['.repeat(5000) + ']'.repeat(5000),
      'line 1, column 101: is nested more than 100 levels deep',
    ],
    ['['.repeat(5000), 'line 1, column 101: is nested more than 100 levels deep'],
  ])('says where %j is not JSON, and why', async (content, fault) => {
    await expect(read(content)).rejects.toThrow(
      `${join(directory, 'catalog')}: 1 fault, nothing was written\n  ${fault}`,
    )
  })

  it.each([
    ['a list', (item: string) => `[\n${item}\n]`, '2'],
    ['NDJSON', (item: string) => `{}\n${item}`, '2'],
  ])('refuses metadata that is nested too deep in %s', async (_, file, line) => {
    const nested = `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`
    const band = `{"pixel_meaning":"x","statistics":${nested}}`
    const item = JSON.stringify(TILES).replace(/}$/, `,"metadata":{"bands":[${band}]}}`)
    const error = await read(file(item)).catch((e) => e)
    if (!(error instanceof CatalogFileError)) throw error
    expect(String(error)).toContain(`line ${line}`)
    expect(error.faults.at(-1)?.reason).toBe('is nested more than 100 levels deep')
  })

  it('refuses a file that is missing or no UTF-8', async () => {
    await expect(readCatalogFile('/nowhere')).rejects.toThrow('/nowhere cannot be read: ENOENT')
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
          colour: 1,
          metadata: { min_zoom: 1, fields: [{ name: 'a', is_feature: true }] },
        },
        { ...TILES, metadata: { fields: [], bands: [{ pixel_meaning: 'x', nodata: 0 }] } },
      ),
    ).toEqual([
      '1 colour: unknown key',
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
    const error = await read(text).catch((e) => e)
    expect(String(error)).toContain('metadata.bands[0].statistics.max: is too large a number')
  })

  it('refuses NUL deep in metadata, in keys too', async () => {
    const bands = [{ pixel_meaning: 'x', statistics: { 'a\0': { b: ['\0'] } } }]
    expect(await faults({ ...TILES, metadata: { bands } })).toEqual([
      '1 metadata.bands[0].statistics.a\0: contains NUL',
      '1 metadata.bands[0].statistics.a\0.b[0]: contains NUL',
    ])
  })
})

describe('items among each other', () => {
  const other = { ...ASSET, asset_uri: 'https://example.org/b' }

  it('refuses an asset_uri or asset_id that comes twice', async () => {
    const asset_id = 'b4695157-0d1d-4da0-8f9e-5c53149389e4'
    expect(
      await faults(
        { ...ASSET, asset_id },
        { ...other, asset_id: asset_id.toUpperCase() },
        { ...ASSET, version: 'v2' },
      ),
    ).toEqual(['2 asset_id: is that of line 1', '3 asset_uri: is that of line 1'])
  })

  it('refuses an asset_id that another asset gets from its asset_uri', async () => {
    // UUIDv5 of the asset_uri in the namespace of URLs.
    const asset_id = '77980eae-c343-5b01-9823-eb6ac1da021f'
    expect(await faults(ASSET, { ...other, asset_id })).toEqual([
      '2 asset_id: is that of line 1, derived from its asset_uri',
    ])
    expect(await faults({ ...other, asset_id }, ASSET)).toEqual([
      `2 asset_uri: the id derived from it, ${asset_id}, is that of line 1`,
    ])
  })

  it('refuses two latest versions of a dataset', async () => {
    expect(
      await faults({ ...ASSET, is_latest: true }, { ...other, version: 'v2', is_latest: true }),
    ).toEqual(['2 is_latest: line 1 says that v1.8 is the latest'])
  })

  it('refuses a version that is the latest and is not', async () => {
    expect(await faults({ ...ASSET, is_latest: true }, { ...other, is_latest: false })).toEqual([
      '2 is_latest: line 1 says true of v1.8',
    ])
  })
})
