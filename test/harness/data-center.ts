/**
 * A fake of the Workers Cache API that follows the tests' clock and can lose or damage stored
 * responses.
 */

import { vi } from 'vitest'
import type { Observed } from './database-switch.ts'

export type StoredResponse = { status: number; headers: Headers; body: BodyInit; expiresAt: number }

/** Changes what `match` returns; it may throw, or never resolve. */
export type Damage = (stored: StoredResponse) => StoredResponse | Promise<StoredResponse>

/** Replaces the data center's cache with an empty one until mocks are restored. */
export function startDataCenter() {
  const responses = new Map<string, StoredResponse>()
  const state = {
    lookups: 0,
    puts: 0,
    isReadOnly: false,
    ignoresQueries: false,
    damage: undefined as Damage | undefined,
  }
  let begun = 0
  let lookupGate: Promise<void> | undefined
  let held: { put: number; gate: Promise<void> } | undefined

  async function match(name: string, key: RequestInfo | URL): Promise<Response | undefined> {
    state.lookups++
    await lookupGate
    const stored = responses.get(nameOf(name, key))
    if (!stored || stored.expiresAt <= Date.now()) return undefined
    const { status, headers, body } = (await state.damage?.(stored)) ?? stored
    return new Response(body, { status, headers })
  }

  async function put(name: string, key: RequestInfo | URL, response: Response): Promise<void> {
    if (response.status === 206 || response.headers.get('Vary') === '*') throw new TypeError()
    if (typeof key === 'object' && 'method' in key && key.method !== 'GET') throw new TypeError()
    const body = await response.bytes()
    if (++begun === held?.put) await held.gate
    const { status, headers } = response
    const seconds = lifetime(headers)
    if (state.isReadOnly || seconds === 0) return
    state.puts++
    const expiresAt = Date.now() + seconds * 1000
    responses.set(nameOf(name, key), { status, headers: new Headers(headers), body, expiresAt })
  }

  function nameOf(name: string, key: RequestInfo | URL): string {
    const url = urlOf(key)
    return name + (state.ignoresQueries ? decodeURI(url).replace(/\?.*/, '') : url)
  }

  const open = (name: string): Cache => ({
    match: (key) => match(name, key),
    put: (key, response) => put(name, key, response),
    delete: async (key) => responses.delete(name + urlOf(key)),
  })
  const zone = open('')
  vi.spyOn(caches.default, 'match').mockImplementation(zone.match)
  vi.spyOn(caches.default, 'put').mockImplementation(zone.put)
  vi.spyOn(caches, 'open').mockImplementation(async (name) => open(`${name} `))

  return {
    /** Number of `match` calls. */
    get lookups(): number {
      return state.lookups
    },
    /** Number of stored responses. */
    get puts(): number {
      return state.puts
    },
    /** Deletes all stored responses. */
    clear(): void {
      responses.clear()
    },
    /** Decodes keys and ignores their queries from now on, as cache rules of a zone can. */
    ignoreQueries(): void {
      state.ignoresQueries = true
    },
    /** Ignores `put` from now on. */
    freeze(): void {
      state.isReadOnly = true
    },
    /** Delays the `put` with this number, 1 for the next; returns a function that releases it. */
    hold(put: number): () => void {
      const { promise, resolve } = Promise.withResolvers<void>()
      held = { put: begun + put, gate: promise }
      return resolve
    },
    /** Delays every `match` until the returned function is called. */
    holdLookups(): () => void {
      const { promise, resolve } = Promise.withResolvers<void>()
      lookupGate = promise
      return () => {
        lookupGate = undefined
        resolve()
      }
    },
    /** Changes what `match` returns from now on. */
    damageBy(damage: Damage | undefined): void {
      state.damage = damage
    },
  }
}

function urlOf(key: RequestInfo | URL): string {
  return typeof key === 'object' && 'url' in key ? key.url : new URL(key).href
}

/** The lifetime in seconds; 0 if the Cache API would not store the response. */
function lifetime(headers: Headers): number {
  const control = headers.get('Cache-Control') ?? ''
  if (/private|no-store|no-cache/.test(control) || headers.has('Set-Cookie')) return 0
  const [, seconds = '0'] = /s-maxage=(\d+)/.exec(control) ?? /max-age=(\d+)/.exec(control) ?? []
  return Number(seconds)
}

/** `Cache-Status` without the tier of a hit. */
export function cacheStatus(response: Response): string | null {
  return response.headers.get('Cache-Status')?.replace(/; detail=(memory|colo)$/, '') ?? null
}

/** Status, Cache-Status, Age and database calls of a request. */
export function summarize({ response, calls }: Observed) {
  const { status, headers } = response
  return { status, cacheStatus: cacheStatus(response), age: headers.get('Age'), calls }
}

/** The summary of a stored page with these seconds left, which is stale if they are negative. */
export function hit(ttl: number, age: string, calls = 'none') {
  const stale = ttl < 0 ? '; detail=database-down' : ''
  return { status: 200, cacheStatus: `assets; hit; ttl=${ttl}${stale}`, age, calls }
}

/** The summary of a page that was read for the request. */
export const READ = {
  status: 200,
  cacheStatus: 'assets; fwd=uri-miss; stored',
  age: '0',
  calls: '1 in front',
}

/** The summary of a page that could not be read, and of which no copy can stand in. */
export const DOWN = { status: 503, cacheStatus: null, age: null, calls: '1 in front' }
