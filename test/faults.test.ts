/** What is kept while the database answers nonsense; `tools/faults.test.ts` has every fault. */

import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { insertAssets, newHost, query, resetCatalogue, startIsolate } from './worker.ts'

const ID = 'b4695157-0d1d-4da0-8f9e-5c53149389e4'
const SECOND_MS = 1000

beforeEach(async () => {
  await resetCatalogue([{ asset_id: ID }])
  vi.useFakeTimers({ toFake: ['Date'] })
})

afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

function passSeconds(seconds: number) {
  vi.setSystemTime(Date.now() + seconds * SECOND_MS)
}

/** A result as Neon sends it, of text columns. */
function result(names: string[], ...rows: (string | null)[][]): Response {
  const fields = names.map((name) => ({ name, dataTypeID: 25 }))
  return Response.json({ command: 'SELECT', rowCount: rows.length, rowAsArray: true, fields, rows })
}

const NONSENSE: [name: string, answer: () => Response][] = [
  ['HTML', () => new Response('<!doctype html>', { headers: { 'Content-Type': 'text/html' } })],
  ['truncated JSON', () => new Response('{"rows":[["4e1c')],
  ['JSON null', () => Response.json(null)],
  ['a JSON list', () => Response.json([])],
  ['an object without rows', () => Response.json({ ok: true })],
  ['rows that are no lists', () => Response.json({ fields: [], rows: 'rows' })],
  ['no row', () => result(['revision'])],
  ['a row of no columns', () => result([], [])],
  ['a row of other columns', () => result(['one'], ['1'])],
  ['a null revision', () => result(['revision', 'total_items', 'asset_id'], [null, null, null])],
  ['an empty revision', () => result(['revision', 'total_items', 'asset_id'], ['', '0', null])],
  [
    'a revision that is a path',
    () => result(['revision', 'total_items', 'asset_id'], ['../x', '0', null]),
  ],
]

it.each(NONSENSE)('%s is neither shown nor stored', async (_name, answer) => {
  const { fetch } = await startIsolate()
  const url = `${newHost()}/assets`
  const stored = await fetch(url)
  const etag = stored.headers.get('ETag')
  const put = vi.spyOn(caches.default, 'put')
  const network = vi.spyOn(globalThis, 'fetch').mockImplementation(async () => answer())

  // The check behind a page within the promise, then reads of the page and of another one.
  passSeconds(30)
  expect((await fetch(url)).headers.get('ETag')).toBe(etag)
  passSeconds(60)
  for (let n = 0; n < 2; n++) {
    const stale = await fetch(url)
    expect(stale.headers.get('ETag')).toBe(etag)
    expect(stale.headers.get('Cache-Status')).toBe('assets; hit; ttl=-30; detail=database-down')
  }
  const unavailable = await fetch(`${url}?status=saved`)
  expect(unavailable.status).toBe(503)
  expect(await unavailable.json()).toEqual({ detail: 'Service Unavailable' })
  expect(network).toHaveBeenCalled()
  expect(put).not.toHaveBeenCalled()
  network.mockRestore()

  await insertAssets([{}])
  const [current] = await query('select revision from catalog_revision')
  passSeconds(20)
  const recovered = await fetch(url)
  expect((await recovered.json<{ data: unknown[] }>()).data).toHaveLength(2)
  expect(put).toHaveBeenCalled()
  for (const [key] of put.mock.calls) {
    const revision = /\/\.edge-cache\/[^/]*\/([^/]*)/.exec(String(key))?.[1]
    expect(['revision', current?.revision]).toContain(revision)
  }
})

it('a page is labelled stale from the moment its promise ends', async () => {
  const { fetch } = await startIsolate()
  const url = `${newHost()}/assets`
  await fetch(url)
  vi.spyOn(globalThis, 'fetch').mockRejectedValue(new TypeError('connection refused'))
  passSeconds(60)
  expect((await fetch(url)).headers.get('Cache-Status')).toBe('assets; hit; ttl=0')
  passSeconds(0.5)
  expect((await fetch(url)).headers.get('Cache-Status')).toBe(
    'assets; hit; ttl=-1; detail=database-down',
  )
})
