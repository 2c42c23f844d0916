/**
 * A data center's cache (Workers Cache API) that goes by the tests' clock, and can lose or damage
 * what it stores. It knows nothing of the Worker's keys.
 */

import { vi } from 'vitest'

/** A stored response. */
export type Copy = { status: number; headers: Headers; body: BodyInit; expiresAt: number }

/** What `match` makes of a copy; it may throw, or never resolve. */
export type Damage = (copy: Copy) => Copy | Promise<Copy>

/** Replaces the data center's cache until mocks are restored. It is empty. */
export function startDataCenter() {
  const copies = new Map<string, Copy>()
  const state = { looks: 0, puts: 0, isReadOnly: false, damage: undefined as Damage | undefined }
  let begun = 0
  let held: { put: number; gate: Promise<void> } | undefined

  async function match(name: string, key: RequestInfo | URL): Promise<Response | undefined> {
    state.looks++
    const copy = copies.get(name + urlOf(key))
    if (!copy || copy.expiresAt <= Date.now()) return undefined
    const { status, headers, body } = (await state.damage?.(copy)) ?? copy
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
    copies.set(name + urlOf(key), { status, headers: new Headers(headers), body, expiresAt })
  }

  const open = (name: string): Cache => ({
    match: (key) => match(name, key),
    put: (key, response) => put(name, key, response),
    delete: async (key) => copies.delete(name + urlOf(key)),
  })
  const zone = open('')
  vi.spyOn(caches.default, 'match').mockImplementation(zone.match)
  vi.spyOn(caches.default, 'put').mockImplementation(zone.put)
  vi.spyOn(caches, 'open').mockImplementation(async (name) => open(`${name} `))

  return {
    /** How often the cache was asked for something. */
    get looks(): number {
      return state.looks
    },
    /** How often something was stored. */
    get puts(): number {
      return state.puts
    },
    /** Loses everything. */
    clear(): void {
      copies.clear()
    },
    /** Stores nothing from here on. */
    freeze(): void {
      state.isReadOnly = true
    },
    /** Holds one of the next things to be stored, 1 for the first; returns what lets it go. */
    hold(put: number): () => void {
      const { promise, resolve } = Promise.withResolvers<void>()
      held = { put: begun + put, gate: promise }
      return resolve
    },
    /** Changes whatever is read from here on. */
    damageBy(damage: Damage | undefined): void {
      state.damage = damage
    },
  }
}

function urlOf(key: RequestInfo | URL): string {
  return typeof key === 'object' && 'url' in key ? key.url : new URL(key).href
}

/** In seconds; 0 if the Cache API drops the response. */
function lifetime(headers: Headers): number {
  const control = headers.get('Cache-Control') ?? ''
  if (/private|no-store|no-cache/.test(control) || headers.has('Set-Cookie')) return 0
  const [, seconds = '0'] = /s-maxage=(\d+)/.exec(control) ?? /max-age=(\d+)/.exec(control) ?? []
  return Number(seconds)
}

/** `Cache-Status` without the tier that a hit comes from. */
export function cacheStatus(response: Response): string | null {
  return response.headers.get('Cache-Status')?.replace(/; detail=(memory|colo)$/, '') ?? null
}
