import * as fc from 'fast-check'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { newHost, query, resetCatalog, startIsolate } from '../../harness/worker.ts'

beforeAll(async () => {
  await resetCatalog([])
  await query(`insert into versions (dataset, version, is_latest) values
    ('umd_loss', 'v1.12', true), ('umd_loss', 'v1.9', false), ('umd_loss', 'v1.9.1', false),
    ('umd_loss', 'v20240301', false), ('umd_loss', 'v1', false), ('umd_loss', 'v01', false),
    ('umd_loss', 'v2024', false), ('umd_loss', 'v202403', false),
    ('umd-loss', 'v2', false), ('umd0loss', 'v2', true), ('abc', 'v1', false)`)
})

async function get(search: string): Promise<Response> {
  return (await startIsolate()).fetch(`https://api.example/datasets${search}`)
}

it('lists datasets by name, with ordered versions', async () => {
  const response = await get('')
  expect(response.status).toBe(200)
  expect(await response.json()).toEqual({
    data: [
      { dataset: 'abc', versions: ['v1'], latest: null },
      { dataset: 'umd-loss', versions: ['v2'], latest: null },
      { dataset: 'umd0loss', versions: ['v2'], latest: 'v2' },
      {
        dataset: 'umd_loss',
        versions: ['v01', 'v1', 'v1.9', 'v1.9.1', 'v1.12', 'v2024', 'v202403', 'v20240301'],
        latest: 'v1.12',
      },
    ],
    status: 'success',
    links: {
      self: 'https://api.example/datasets?page[number]=1&page[size]=25',
      first: 'https://api.example/datasets?page[number]=1&page[size]=25',
      last: 'https://api.example/datasets?page[number]=1&page[size]=25',
      prev: '',
      next: '',
    },
    meta: { size: '25', total_items: '4', total_pages: '1' },
  })
})

it.each([
  [1, 'abc', '', 2],
  [2, 'umd-loss', 1, 3],
  [3, 'umd0loss', 2, 4],
  [4, 'umd_loss', 3, ''],
])('page %i of size 1 is %s', async (number, dataset, prev, next) => {
  const link = (page: number | string) =>
    page === '' ? '' : `https://api.example/datasets?page[number]=${page}&page[size]=1`
  const response = await get(`?page[size]=1&page[number]=${number}`)
  expect(await response.json()).toEqual({
    data: [expect.objectContaining({ dataset })],
    status: 'success',
    links: {
      self: link(number),
      first: link(1),
      last: link(4),
      prev: link(prev),
      next: link(next),
    },
    meta: { size: '1', total_items: '4', total_pages: '4' },
  })
})

it('links its pages in the header, without TileJSON', async () => {
  expect((await get('?page[number]=2&page[size]=2')).headers.get('Link')).toBe(
    '<https://api.example/datasets?page[number]=1&page[size]=2>; rel="first", ' +
      '<https://api.example/datasets?page[number]=1&page[size]=2>; rel="prev", ' +
      '<https://api.example/datasets?page[number]=2&page[size]=2>; rel="last", ' +
      '<https://api.example/openapi.json>; rel="service-desc"',
  )
})

it('ignores the filters of assets, also in the cache key', async () => {
  const { fetch } = await startIsolate()
  const host = newHost()
  await fetch(`${host}/datasets?dataset=abc&is_latest=maybe`)
  const response = await fetch(`${host}/datasets?page%5Bsize%5D=25`)
  expect(response.headers.get('Cache-Status')).toMatch(/^assets; hit/)
})

describe('search', () => {
  const found = async (search: string) => {
    const { data, meta } = await (await get(`?search=${encodeURIComponent(search)}`)).json<{
      data: { dataset: string }[]
      meta: { total_items: string }
    }>()
    expect(meta.total_items).toBe(`${data.length}`)
    return data.map(({ dataset }) => dataset)
  }

  it.each([
    ['loss', ['umd-loss', 'umd0loss', 'umd_loss']],
    ['LOSS Umd', ['umd-loss', 'umd0loss', 'umd_loss']],
    ['umd loss', ['umd-loss', 'umd0loss', 'umd_loss']],
    ['umd-loss', ['umd-loss', 'umd0loss', 'umd_loss']],
    ['d0l', ['umd0loss']],
    ['b', ['abc']],
    ['abcd', []],
    ['loss abc', []],
    ['%', []],
    ['umd%loss', []],
    ['', ['abc', 'umd-loss', 'umd0loss', 'umd_loss']],
    ['_', ['abc', 'umd-loss', 'umd0loss', 'umd_loss']],
  ])('%j finds %j', async (search, names) => {
    expect(await found(search)).toEqual(names)
  })

  it('is kept by the links of its pages', async () => {
    const link = (page: number) =>
      `https://api.example/datasets?search=umd%20loss&page[number]=${page}&page[size]=1`
    const response = await get('?page[size]=1&page[number]=2&search=UMD_loss')
    expect(await response.json()).toEqual({
      data: [{ dataset: 'umd0loss', versions: ['v2'], latest: 'v2' }],
      status: 'success',
      links: { self: link(2), first: link(1), last: link(3), prev: link(1), next: link(3) },
      meta: { size: '1', total_items: '3', total_pages: '3' },
    })
    expect(response.headers.get('Link')).toContain(`<${link(3)}>; rel="next"`)
  })

  it.each(['UMD-loss', '_umd__LOSS', 'umd loss umd'])(
    'of "umd loss", spelled %j, is stored once',
    async (spelling) => {
      const { fetch } = await startIsolate()
      const host = newHost()
      await fetch(`${host}/datasets?search=umd%20loss`)
      const response = await fetch(`${host}/datasets?search=${encodeURIComponent(spelling)}`)
      expect(response.headers.get('Cache-Status')).toMatch(/^assets; hit/)
    },
  )
})

it('answers 422 to invalid paging and past the last page', async () => {
  expect(await (await get('?page[size]=0&page[number]=x')).json()).toEqual({
    detail: [
      {
        loc: ['query', 'page[number]'],
        msg: 'value is not a valid integer',
        type: 'type_error.integer',
      },
      {
        loc: ['query', 'page[size]'],
        msg: 'ensure this value is greater than or equal to 1',
        type: 'value_error.number.not_ge',
      },
    ],
  })
  const past = await get('?page[number]=99999999999999999999')
  expect(past.status).toBe(422)
  expect(await past.json()).toEqual({
    detail: [
      {
        loc: ['query', 'page[number]'],
        msg: 'Page number 99999999999999999999 is larger than the total page count: 1',
        type: 'value_error.page',
      },
    ],
  })
})

it('has one empty page for an empty catalog', async () => {
  await resetCatalog([])
  const { fetch } = await startIsolate()
  const host = newHost()
  const link = `${host}/datasets?page[number]=1&page[size]=25`
  expect(await (await fetch(`${host}/datasets`)).json()).toEqual({
    data: [],
    status: 'success',
    links: { self: link, first: link, last: link, prev: '', next: '' },
    meta: { size: '25', total_items: '0', total_pages: '1' },
  })
  const past = await fetch(`${host}/datasets?page[number]=2`)
  expect(past.status).toBe(422)
  expect(await past.json()).toEqual({
    detail: [
      {
        loc: ['query', 'page[number]'],
        msg: 'Page number 2 is larger than the total page count: 1',
        type: 'value_error.page',
      },
    ],
  })
})

it('shows changes within 60 s', async () => {
  await resetCatalog([])
  await query("insert into versions (dataset, version, is_latest) values ('bbb', 'v1', true)")
  const { fetch } = await startIsolate()
  const host = newHost()
  const read = async () => {
    const response = await fetch(`${host}/datasets`)
    const { data, meta } = await response.json<{ data: unknown; meta: unknown }>()
    return { data, meta }
  }
  const meta = { size: '25', total_items: '1', total_pages: '1' }
  const before = { data: [{ dataset: 'bbb', versions: ['v1'], latest: 'v1' }], meta }
  expect(await read()).toEqual(before)
  await query('update versions set is_latest = false')
  await query(
    "insert into versions (dataset, version, is_latest) values ('aaa', 'v3', true), ('bbb', 'v2', true)",
  )
  vi.setSystemTime(Date.now() + 61_000)
  expect(await read()).toEqual({
    data: [
      { dataset: 'aaa', versions: ['v3'], latest: 'v3' },
      { dataset: 'bbb', versions: ['v1', 'v2'], latest: 'v2' },
    ],
    meta: { ...meta, total_items: '2' },
  })
})

it.each([
  [['v1.12', 'v1.9'], ['v1.9', 'v1.12'], 'numbers'],
  [['v1.9.1', 'v1.9'], ['v1.9', 'v1.9.1'], 'a number more'],
  [['v1.0', 'v1', 'v01'], ['v01', 'v1', 'v1.0'], 'spellings of one number'],
  [['v2025', 'v202503', 'v202106'], ['v202106', 'v2025', 'v202503'], 'a year and its months'],
  [
    ['v20241031', 'v202410', 'v20241001', 'v2024'],
    ['v2024', 'v202410', 'v20241001', 'v20241031'],
    'a month and its days',
  ],
  [
    ['v202410', 'v20240930', 'v20241101'],
    ['v20240930', 'v202410', 'v20241101'],
    'days of other months',
  ],
  [
    ['v2024.2', 'v2025', 'v2024.10', 'v2024'],
    ['v2024', 'v2024.2', 'v2024.10', 'v2025'],
    'revisions of a year',
  ],
  [['v1900', 'v99999999', 'v19'], ['v19', 'v99999999', 'v1900'], 'dates after numbers'],
  [
    ['v1999', 'v1234', 'v18991231', 'v2100'],
    ['v1234', 'v2100', 'v18991231', 'v1999'],
    'other first digits',
  ],
  [
    ['v19000101', 'v20241', 'v2024103', 'v190'],
    ['v190', 'v20241', 'v2024103', 'v19000101'],
    'other lengths',
  ],
])('lists the versions %j as %j: %s', async (stored, listed) => {
  await resetCatalog([])
  for (const version of stored) {
    await query(`insert into versions (dataset, version) values ('umd_loss', $1)`, [version])
  }
  const response = await (await startIsolate()).fetch(`${newHost()}/datasets`)
  const { data } = await response.json<{ data: unknown }>()
  expect(data).toEqual([{ dataset: 'umd_loss', versions: listed, latest: null }])
})

it('finds what a search in plain strings finds', async () => {
  const names = ['a-b_c', 'aab', 'abc', 'abc-cba', 'b1-a', 'cab_1', 'bbb', 'c__', 'a_1_b']
  await resetCatalog(names.map((dataset) => ({ dataset })))
  const { fetch } = await startIsolate()
  const host = newHost()
  const text = fc.string({ unit: fc.constantFrom(...'aAbBcC1_- \t%\\.*'), maxLength: 6 })
  await fc.assert(
    fc.asyncProperty(text, async (search) => {
      const words = search
        .replaceAll(/[_ \t]/g, '-')
        .toLowerCase()
        .split('-')
      const response = await fetch(`${host}/datasets?search=${encodeURIComponent(search)}`)
      const { data } = await response.json<{ data: { dataset: string }[] }>()
      expect(data.map(({ dataset }) => dataset)).toEqual(
        names.filter((name) => words.every((word) => name.includes(word))).sort(),
      )
    }),
  )
})
