/**
 * This data center's cache (Workers Cache API) as one host and one version of the code see it. A
 * cache that fails or hangs costs speed, never an answer: failures are logged and count as misses.
 */

import { withDeadline } from '../deadline.ts'
import { errorName, log } from '../log.ts'

/** Apart from the cache of the zone's own requests. */
const NAMESPACE = 'catalog'
/** A look takes 5 to 15 ms in production. */
const MATCH_TIMEOUT_MS = 250
const PUT_TIMEOUT_MS = 5000
/** The header of a stored copy that holds its URL. */
const STORED_URL = 'Stored-Url'

export type StoredCopy = { headers: Headers; body: Uint8Array }

type Options = {
  /** That of the request: keys are URLs on its own host, under a path that is no route. */
  origin: string
  /** In every key, so that new code never serves what old code stored. */
  codeVersion: string
  keepSeconds: number
}

export class EdgeCache {
  readonly #options: Options

  constructor(options: Options) {
    this.#options = options
  }

  urlOf(path: string): string {
    return `${this.#options.origin}${path}`
  }

  /** The copy stored for a path, if its status is 200 and it is stored for this URL. */
  async match(path: string): Promise<StoredCopy | undefined> {
    return this.#attempt('match', MATCH_TIMEOUT_MS, async () => {
      const cache = await caches.open(NAMESPACE)
      const stored = await cache.match(await this.#keyOf(path))
      if (stored?.status !== 200) return undefined
      if (stored.headers.get(STORED_URL) !== this.urlOf(path)) return undefined
      return { headers: stored.headers, body: await stored.bytes() }
    })
  }

  /** Stores a copy, with headers that belong to it, once the response has had time to leave. */
  async put(path: string, body: BodyInit, headers: Record<string, string> = {}): Promise<void> {
    await scheduler.wait(20)
    await this.#attempt('put', PUT_TIMEOUT_MS, async () => {
      const cache = await caches.open(NAMESPACE)
      const cacheControl = `public, s-maxage=${this.#options.keepSeconds}`
      const all = { ...headers, [STORED_URL]: this.urlOf(path), 'Cache-Control': cacheControl }
      await cache.put(await this.#keyOf(path), new Response(body, { headers: all }))
    })
  }

  /** A digest in the path, because cache rules of a zone can ignore or sort the query. */
  async #keyOf(path: string): Promise<string> {
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(path))
    return this.urlOf(`/.edge-cache/${this.#options.codeVersion}/${new Uint8Array(digest).toHex()}`)
  }

  async #attempt<T>(name: string, ms: number, call: () => Promise<T>): Promise<T | undefined> {
    try {
      return await withDeadline(call(), ms)
    } catch (error) {
      log('warn', `edge cache ${name} failed`, { error: errorName(error) })
      return undefined
    }
  }
}
