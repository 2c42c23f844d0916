/**
 * This data centre's cache (Workers Cache API). A cache that fails costs speed, never an answer.
 *
 * Keys are URL strings on the request's own host, under a path that is no route, with the Worker's
 * version: new code never serves what old code stored.
 */

import { errorName, log } from '../log.ts'

/** The prefix of all keys of one host and one Worker version. */
export function cachePrefix(origin: string, workerVersion: string): string {
  return `${origin}/.edge-cache/${workerVersion}`
}

/** The key of what never goes stale: a canonical URL as of one revision. */
export function revisionKey(prefix: string, revision: string, canonicalUrl: string): string {
  return `${prefix}/${revision}${canonicalUrl.slice(canonicalUrl.indexOf('/', 'https://'.length))}`
}

/** What is stored under a key, its body unread. `putStored` stores 200 alone. */
export async function matchStored(key: string): Promise<Response | undefined> {
  try {
    const stored = await caches.default.match(key)
    return stored?.status === 200 ? stored : undefined
  } catch (error) {
    reportFailure('match', error)
    return undefined
  }
}

/** Stores a body with the headers that belong to it, not to a request. */
export async function putStored(
  key: string,
  body: BodyInit,
  headers: Record<string, string>,
  keepSeconds: number,
): Promise<void> {
  const cacheControl = `public, s-maxage=${keepSeconds}`
  try {
    await caches.default.put(
      key,
      new Response(body, { headers: { ...headers, 'Cache-Control': cacheControl } }),
    )
  } catch (error) {
    reportFailure('put', error)
  }
}

/** Resolves when the response has left: storing must not delay it. */
export function afterResponse(): Promise<void> {
  return scheduler.wait(20)
}

function reportFailure(operation: string, error: unknown): void {
  log('warn', `edge cache ${operation} failed`, { error: errorName(error) })
}
