/** Size limits: 1 MiB for metadata, 6 MiB for a page. */

import { beforeEach, describe, expect, it } from 'vitest'
import { newHost, query, spyOnNetwork, startIsolate } from '../../harness/worker.ts'

const MIB = 1024 * 1024

type Page = { data: { asset_id: string }[]; links: { next: string }; meta: { total_items: string } }

/** Inserts `count` assets whose metadata is the SQL expression `sql` of `n`. */
async function insert(count: number, sql: string, type = 'csv'): Promise<void> {
  await query(
    `insert into versions (dataset, version) values ('umd_tree_cover_loss', 'v1')
     on conflict do nothing`,
  )
  await query(
    `insert into assets (dataset, version, asset_type, asset_uri, created_on, metadata)
     select 'umd_tree_cover_loss', 'v1', $2, 's3://' || $2 || n,
       timestamptz '2020-01-01Z' + n * interval '1 s', ${sql}
     from generate_series(1, $1::int) n`,
    [`${count}`, type],
  )
}

function tagOf(sql: string): string {
  return `jsonb_build_object('tags', jsonb_build_array(${sql}))`
}

/** 100 complete fields, 25 KB of JSON. */
const HUNDRED_FIELDS = `jsonb_build_object('tags', null, 'id', null, 'fields', (
  select jsonb_agg(jsonb_build_object('name', 'field_' || f, 'alias', 'Field number ' || f,
    'description', repeat('é', 50), 'data_type', 'text', 'unit', null, 'is_feature_info', true,
    'is_filter', true)) from generate_series(1, 100) f))`

async function list(search: string): Promise<Response> {
  const { fetch } = await startIsolate()
  return fetch(`${newHost()}/assets?${search}`)
}

function tooLarge(size: number, fittingSize: number) {
  const msg = `A page of ${size} of these assets is larger than 6 MiB; ask for at most ${fittingSize}`
  return { detail: [{ loc: ['query', 'page[size]'], msg, type: 'value_error.page_bytes' }] }
}

beforeEach(() => query('truncate assets, versions'))

describe('a page over 6 MiB', () => {
  it('is a 422 whose suggested size works for each page of the listing', async () => {
    await insert(300, HUNDRED_FIELDS)
    await insert(20, tagOf('n'), 'COG')
    const { fetch } = await startIsolate()
    const host = newHost()
    const response = await fetch(`${host}/assets?asset_type=csv&page[size]=1000`)
    expect(response.status).toBe(422)
    expect(response.headers.get('Cache-Control')).toBe('no-store')
    expect(await response.json()).toEqual(tooLarge(1000, 206))

    let url = `${host}/assets?asset_type=csv&page[size]=206`
    const ids = new Set<string>()
    for (let pages = 1; url !== ''; pages++) {
      expect(pages).toBeLessThan(3)
      const page = await (await fetch(url)).json<Page>()
      for (const { asset_id } of page.data) ids.add(asset_id)
      url = page.links.next
    }
    expect(ids.size).toBe(300)
  })

  it.each([
    ['Neon does not send', 25, [507, 200]],
    ['is larger only here', 9, [200, 200]],
  ])(
    'that %s is refused by a second, small call, and is not stored',
    async (_, count, statuses) => {
      await insert(count, tagOf(`repeat('x', 1000000)`))
      const { fetch } = await startIsolate()
      const url = `${newHost()}/assets`
      for (const attempt of [1, 2]) {
        const network = spyOnNetwork()
        const answers: Promise<Response>[] = []
        const send = network.getMockImplementation()
        network.mockImplementation((...call) => {
          const answer = send?.(...call) ?? Promise.reject(new Error('no network'))
          answers.push(answer.then((response) => response.clone()))
          return answer
        })
        const response = await fetch(url)
        expect([attempt, response.status]).toEqual([attempt, 422])
        expect(await response.json()).toEqual(tooLarge(25, 5))
        const received = await Promise.all(answers)
        expect(received.map(({ status }) => status)).toEqual(statuses)
        const bodies = await Promise.all(received.map((answer) => answer.arrayBuffer()))
        expect(bodies.slice(1).every(({ byteLength }) => byteLength < 1000)).toBe(true)
        network.mockRestore()
      }
      const last = Math.ceil(count / 5)
      expect((await fetch(`${url}?page[size]=5&page[number]=${last}`)).status).toBe(200)
      expect((await fetch(`${url}?page[size]=1&page[number]=${count}`)).status).toBe(200)
    },
  )

  it('is refused at any position', async () => {
    await insert(90, tagOf(`repeat('x', 300000)`))
    for (const number of [1, 2, 3]) {
      const response = await list(`page[size]=30&page[number]=${number}`)
      expect([number, response.status]).toEqual([number, 422])
      expect(await response.json()).toEqual(tooLarge(30, 17))
    }
  })

  it('is refused next to stored pages, and for concurrent requests', async () => {
    await insert(40, tagOf('n'))
    await insert(40, tagOf(`repeat('x', 500000)`), 'ndjson')
    const { fetch } = await startIsolate()
    const host = newHost()
    const page = (number: number) => fetch(`${host}/assets?page[size]=20&page[number]=${number}`)
    await query(
      `update assets set created_on = created_on + interval '1 d' where asset_type = 'ndjson'`,
    )
    expect((await page(2)).status).toBe(200)
    const responses = await Promise.all([3, 3, 3, 4, 4, 1, 2].map(page))
    expect(responses.map(({ status }) => status)).toEqual([422, 422, 422, 422, 422, 200, 200])
    const refusals = responses.slice(0, 5).map((response) => response.json())
    expect((await Promise.all(refusals))[0]).toEqual(tooLarge(20, 10))
  })

  it('past the last page is answered as past the last page', async () => {
    await insert(20, tagOf(`repeat('x', 1000000)`))
    const response = await list('page[size]=10&page[number]=3')
    expect(await response.json()).toMatchObject({ detail: [{ type: 'value_error.page' }] })
  })
})

it('answers a page of exactly 6 MiB, and refuses one more byte', async () => {
  await insert(6, tagOf(`repeat('é€😀', 110000)`))
  await insert(1, tagOf(`''`), 'COG')
  const length = async () => (await (await list('')).arrayBuffer()).byteLength
  const missing = 6 * MIB - (await length())
  const fill = `update assets set metadata = ${tagOf(`repeat('x', $1::int)`)} where asset_type = 'COG'`
  await query(fill, [`${missing}`])
  expect(await length()).toBe(6 * MIB)
  await query(fill, [`${missing + 1}`])
  const response = await list('')
  expect(response.status).toBe(422)
  expect(await response.json()).toEqual(tooLarge(25, 5))
})

const SIX_ASSETS = { meta: { size: '25', total_items: '6', total_pages: '1' } }

/** Neon's response contains metadata as escaped text, in which a quote takes four bytes. */
it.each([
  ['"', 430_000, 200, SIX_ASSETS],
  ['"', 440_000, 422, tooLarge(25, 5)],
  ['\\', 430_000, 200, SIX_ASSETS],
  ['\\', 440_000, 422, tooLarge(25, 5)],
  ['\t', 500_000, 200, SIX_ASSETS],
])(
  'refuses a page below 6 MiB that Neon would refuse: %j × %i: %i',
  async (text, count, status, body) => {
    await insert(6, tagOf(`repeat('${text}', ${count})`))
    const response = await list('')
    expect(response.status).toBe(status)
    expect(await response.json()).toMatchObject(body)
  },
)

describe('an asset', () => {
  /** `{"tags": [""]}` takes 14 bytes. */
  it.each([
    ['x', MIB - 14],
    ['é', (MIB - 14) / 2],
    ['"', (MIB - 14) / 2],
  ])('has at most 1 MiB of metadata: %s', async (text, count) => {
    await insert(1, tagOf(`repeat('${text}', ${count})`))
    const response = await list('')
    expect(response.status).toBe(200)
    expect((await response.text()).length).toBeGreaterThan(MIB / 2)
    await expect(insert(1, tagOf(`repeat('${text}', ${count}) || 'x'`), 'tsv')).rejects.toThrow(
      'violates check constraint "assets_metadata_bytes"',
    )
  })

  it.each([
    ['tags', '[]', 6800],
    ['tags', 'null', 170_000],
    ['fields', '0', 6800],
    ['fields', '{"name": 1}', 6400],
    ['fields', 'null', 170_000],
    ['bands', '[{}]', 6700],
  ])('is shown within 1 MiB for any %s: %s × %i', async (key, element, count) => {
    const elements = (number: number) =>
      `jsonb_build_object('${key}', (select jsonb_agg('${element}'::jsonb)
         from generate_series(1, ${number})))`
    await insert(1, elements(count), key === 'bands' ? 'COG' : 'csv')
    const response = await list('')
    expect(response.status).toBe(200)
    expect((await response.arrayBuffer()).byteLength).toBeLessThan(MIB)
    await expect(insert(1, elements(count * 1.1), 'tsv')).rejects.toThrow('assets_metadata_bytes')
  })

  it('does not exceed 1 MiB by the missing keys that are added to fields and bands', async () => {
    const fields = (list: string, count: number) =>
      `jsonb_build_object('${list}', (select jsonb_agg('{}'::jsonb) from generate_series(1, ${count})))`
    await insert(1, fields('fields', 6800))
    await insert(1, fields('bands', 6800), 'COG')
    const response = await list('page[size]=1')
    expect(response.status).toBe(200)
    expect((await response.arrayBuffer()).byteLength).toBeLessThan(MIB)
    for (const list of ['fields', 'bands']) {
      await expect(insert(1, fields(list, 6900), 'tsv')).rejects.toThrow('assets_metadata_bytes')
    }
  })
})
