/**
 * This data center's cache (Workers Cache API) as one host and one version of the code see it. A
 * cache that fails costs speed, never an answer, so failures are logged and count as misses.
 */

import { errorName, log } from '../log.ts'

/** The clocks of two isolates in a data center may differ by as much. */
export const CLOCK_SKEW_MS = 1000

export class EdgeCache {
  readonly #prefix: string
  readonly #keepSeconds: number

  /**
   * @param origin of the request: keys are URLs on its own host, under a path that is no route
   * @param codeVersion in every key, so that new code never serves what old code stored
   */
  constructor(origin: string, codeVersion: string, keepSeconds: number) {
    this.#prefix = `${origin}/.edge-cache/${codeVersion}`
    this.#keepSeconds = keepSeconds
  }

  /** The key of a path, which no other host or code version has. */
  keyOf(path: string): string {
    return `${this.#prefix}${path}`
  }

  /** The response stored under a path, its body unread. Only those with status 200 count. */
  async match(path: string): Promise<Response | undefined> {
    try {
      const stored = await caches.default.match(this.keyOf(path))
      return stored?.status === 200 ? stored : undefined
    } catch (error) {
      logFailure('match', error)
      return undefined
    }
  }

  /** Stores a body, and headers that belong to it, once the response has had time to leave. */
  async put(path: string, body: BodyInit, headers: Record<string, string> = {}): Promise<void> {
    await scheduler.wait(20)
    const cacheControl = `public, s-maxage=${this.#keepSeconds}`
    try {
      await caches.default.put(
        this.keyOf(path),
        new Response(body, { headers: { ...headers, 'Cache-Control': cacheControl } }),
      )
    } catch (error) {
      logFailure('put', error)
    }
  }
}

/** The path of content that never changes: a canonical path at one revision of the catalog. */
export function pathAtRevision(revision: string, canonicalPath: string): string {
  return `/${revision}${canonicalPath}`
}

function logFailure(operation: string, error: unknown): void {
  log('warn', `edge cache ${operation} failed`, { error: errorName(error) })
}
