/** Invalid database responses. `test/node/built/faults.test.ts` covers all faults. */

import { afterEach, beforeAll, expect, it, vi } from 'vitest'
import { passDays, passSeconds } from '../../harness/clock.ts'
import { cacheStatus, startDataCenter } from '../../harness/data-center.ts'
import { newHost, query, resetCatalog, startIsolate } from '../../harness/worker.ts'

const ID = 'b4695157-0d1d-4da0-8f9e-5c53149389e4'

let isolate: Awaited<ReturnType<typeof startIsolate>>
let other: Awaited<ReturnType<typeof startIsolate>>
let now = Date.now()
let changes = 0

beforeAll(async () => {
  await resetCatalog([{ asset_id: ID }])
  isolate = await startIsolate()
  other = await startIsolate()
})

afterEach(() => {
  vi.restoreAllMocks()
})

/** A result as Neon sends it, of text columns. */
function result(names: string[], ...rows: (string | null)[][]): Response {
  const fields = names.map((name) => ({ name, dataTypeID: 25 }))
  return Response.json({ command: 'SELECT', rowCount: rows.length, rowAsArray: true, fields, rows })
}

const INVALID_RESPONSES: [name: string, answer: () => Response][] = [
  ['HTML', () => new Response('<!doctype html>', { headers: { 'Content-Type': 'text/html' } })],
  ['truncated JSON', () => new Response('{"rows":[["4e1c')],
  ['JSON null', () => Response.json(null)],
  ['a JSON list', () => Response.json([])],
  ['an object without rows', () => Response.json({ ok: true })],
  ['rows that are not lists', () => Response.json({ fields: [], rows: 'rows' })],
  ['no row', () => result(['revision'])],
  ['a row without columns', () => result([], [])],
  ['a row with other columns', () => result(['one'], ['1'])],
  ['a null revision', () => result(['revision', 'total_items', 'asset_id'], [null, null, null])],
  ['an empty revision', () => result(['revision', 'total_items', 'asset_id'], ['', '0', null])],
  [
    'a revision that is a path',
    () => result(['revision', 'total_items', 'asset_id'], ['../x', '0', null]),
  ],
]

it.each(INVALID_RESPONSES)('%s is neither shown nor stored', async (_name, answer) => {
  vi.setSystemTime(now)
  passDays()
  const dataCenter = startDataCenter()
  const url = `${newHost()}/assets`
  const etag = (await isolate.fetch(url)).headers.get('ETag')
  expect(etag).toMatch(/^"[\w-]{43}"$/)
  const puts = dataCenter.puts
  const network = vi.spyOn(globalThis, 'fetch').mockImplementation(async () => answer())

  // A background check, then reads of this page and of another one.
  passSeconds(30)
  expect((await isolate.fetch(url)).headers.get('ETag')).toBe(etag)
  passSeconds(60)
  for (let n = 0; n < 2; n++) {
    const stale = await isolate.fetch(url)
    expect(stale.headers.get('ETag')).toBe(etag)
    expect(cacheStatus(stale)).toBe('assets; hit; ttl=-30; detail=database-down')
  }
  const unavailable = await isolate.fetch(`${url}?status=saved`)
  expect(unavailable.status).toBe(503)
  expect(await unavailable.json()).toEqual({ detail: 'Service Unavailable' })
  expect(network).toHaveBeenCalled()
  expect(dataCenter.puts).toBe(puts)
  network.mockRestore()

  await query('update assets set asset_uri = $1', [`s3://forest/${++changes}`])
  passSeconds(20)
  for (const by of [isolate, other]) {
    const recovered = await by.fetch(url)
    const { data } = await recovered.json<{ data: { asset_id: string; asset_uri: string }[] }>()
    expect(data.map(({ asset_id, asset_uri }) => [asset_id, asset_uri])).toEqual([
      [ID, `s3://forest/${changes}`],
    ])
    expect(cacheStatus(recovered)).not.toContain('database-down')
  }
  expect(dataCenter.puts).toBeGreaterThan(puts)
  now = Date.now()
})
