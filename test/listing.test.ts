import { beforeEach, describe, expect, it, vi } from 'vitest'
import {
  insertAssets,
  newHost,
  query,
  resetCatalogue,
  spyOnNetwork,
  startIsolate,
} from './worker.ts'

const ROWS = 2600

type Network = ReturnType<typeof spyOnNetwork>

/** The SQL of the last database call, and how many there were. */
function sent(network: Network): { calls: number; text: string } {
  const body = network.mock.calls.at(-1)?.[1]?.body
  return { calls: network.mock.calls.length, text: body ? JSON.parse(String(body)).query : '' }
}

async function fill(rows: number): Promise<void> {
  await resetCatalogue([])
  await query("insert into versions (dataset, version) values ('abc', 'v1')")
  await query(
    `insert into assets (dataset, version, asset_type, asset_uri, created_on, status)
     select 'abc', 'v1', case when n % 3 = 0 then 'COG' else 'csv' end, 's3://' || n,
       timestamptz '2020-01-01' + n / 7 * interval '1 second', 'saved'
     from generate_series(1, $1::int) as n`,
    [`${rows}`],
  )
}

/** What a new isolate on a new host answers, knowing nothing: the offset's page. */
async function read(search: string): Promise<unknown> {
  const response = await (await startIsolate()).fetch(`${newHost()}/assets?${search}`)
  return itemsOf(response)
}

async function itemsOf(response: Response): Promise<unknown> {
  const { data, meta } = await response.json<{ data: unknown; meta: unknown }>()
  return { data, meta }
}

describe('a page', () => {
  beforeEach(() => fill(ROWS))

  it.each([
    ['behind a stored one starts there', 41, 42, 'page[size]=50', '>'],
    ['before a stored one ends there', 43, 42, 'page[size]=50', '<'],
    ['with no stored neighbour is read by its offset', 30, 42, 'page[size]=50', 'offset'],
    ['of a filtered listing starts there too', 25, 26, 'asset_type=csv&page[size]=50', '>'],
    ['that is the last, beside a stored one', 51, 52, 'page[size]=50', '>'],
    ['near the start, behind a stored one', 2, 3, 'page[size]=50', '>'],
  ])('%s', async (_, first, second, filters, way) => {
    const { fetch } = await startIsolate()
    const host = newHost()
    await fetch(`${host}/assets?${filters}&page[number]=${first}`)
    const network = spyOnNetwork()
    const page = await itemsOf(await fetch(`${host}/assets?${filters}&page[number]=${second}`))
    const { calls, text } = sent(network)
    network.mockRestore()
    expect(calls).toBe(1)
    expect(text.includes('") > (')).toBe(way === '>')
    expect(text.includes('") < (')).toBe(way === '<')
    expect(text).toContain('then $2::bigint else')
    expect(page).toEqual(await read(`${filters}&page[number]=${second}`))
  })

  it('of another size than the stored ones knows the total alone', async () => {
    const { fetch } = await startIsolate()
    const host = newHost()
    await fetch(`${host}/assets?page[size]=50&page[number]=41`)
    const network = spyOnNetwork()
    const search = 'page[size]=100&page[number]=21'
    const page = await itemsOf(await fetch(`${host}/assets?${search}`))
    const { text } = sent(network)
    network.mockRestore()
    expect(text).not.toContain('") > (')
    expect(text).toContain('then $2::bigint else')
    expect(page).toEqual(await read(search))
  })

  it('finds its neighbour in the data centre from another isolate', async () => {
    await fill(11_000)
    const host = newHost()
    await (await startIsolate()).fetch(`${host}/assets?page[size]=1000&page[number]=10`)
    const { fetch } = await startIsolate()
    const network = spyOnNetwork()
    await fetch(`${host}/assets?page[size]=1000&page[number]=11`)
    expect(sent(network).text).toContain('") > (')
    network.mockRestore()
  })

  it('knows the total that another isolate counted', async () => {
    const host = newHost()
    await (await startIsolate()).fetch(`${host}/assets?page[size]=50`)
    const { fetch } = await startIsolate()
    const network = spyOnNetwork()
    await fetch(`${host}/assets?page[size]=40&page[number]=30`)
    const { calls, text } = sent(network)
    network.mockRestore()
    expect(calls).toBe(1)
    expect(text).toContain('then $2::bigint else')
  })

  it('looks into the data centre once where an offset costs less than its neighbours', async () => {
    const { fetch } = await startIsolate()
    const host = newHost()
    await fetch(`${host}/assets?page[size]=50&page[number]=41`)
    const look = vi.spyOn(caches.default, 'match')
    await fetch(`${host}/assets?page[size]=50&page[number]=50`)
    expect(look).toHaveBeenCalledTimes(1)
    look.mockRestore()
  })

  it('is right although the catalogue has changed since its neighbour was stored', async () => {
    const { fetch } = await startIsolate()
    const host = newHost()
    await fetch(`${host}/assets?page[size]=50&page[number]=41`)
    await query("delete from assets where asset_uri in ('s3://1', 's3://2', 's3://2000')")
    await insertAssets([{ created_on: '2019-01-01T00:00:00Z' }])
    const network = spyOnNetwork()
    const page = await itemsOf(await fetch(`${host}/assets?page[size]=50&page[number]=42`))
    const { calls, text } = sent(network)
    network.mockRestore()
    expect(calls).toBe(1)
    expect(text).toContain('") > (')
    expect(page).toEqual(await read('page[size]=50&page[number]=42'))
  })
})
