/**
 * Stored pages, one for each URL: those used most recently in this isolate's memory, all of them in
 * the data center's cache. Each belongs to a revision, under which it never changes.
 */

import * as z from 'zod'
import { LruMap } from '../lru-map.ts'
import type { Settings } from '../settings.ts'
import type { EdgeCache } from './edge-cache.ts'
import { adoptRecord, findChecks, isWithin, type RevisionCheck } from './revision-checks.ts'

/** What is stored beside the body; `etag` and `link` are headers of the response. */
const detailsSchema = z.object({
  etag: z.string().regex(/^"[\w-]+"$/),
  link: z.string().regex(/^[ -~]*$/),
  revision: z.guid(),
})
/** The header of the stored copy that holds them as JSON. */
const DETAILS = 'Page-Details'

export type StoredPage = z.infer<typeof detailsSchema> & { body: Uint8Array }

/** A page, and when its revision was last known to be current. */
export type CheckedPage = { page: StoredPage; check: RevisionCheck }

/** `isCurrent` if its revision was checked within REVISION_MAX_AGE_SECONDS and is the last one. */
export type FoundPage = CheckedPage & { tier: 'memory' | 'colo'; isCurrent: boolean }

const memory = new LruMap<StoredPage>(8 * 1024 * 1024, sizeOf)
/** A larger page would displace too many others. */
const MAX_SIZE_IN_MEMORY = 256 * 1024

/** A page's path and scope. */
type Wanted = { canonicalPath: string; scope: string }

/**
 * The stored page of the current revision, or else of the one before. Costs one look's time at most:
 * an isolate that does not know the current revision looks for it and for the page at once.
 */
export async function findPage(
  edge: EdgeCache,
  settings: Settings,
  wanted: Wanted,
): Promise<FoundPage | undefined> {
  const { canonicalPath, scope } = wanted
  const [last] = findChecks(scope, settings)
  const isKnown = isWithin(last, settings.REVISION_MAX_AGE_SECONDS)
  const isKept = isKnown && last.revision === memory.get(edge.urlOf(canonicalPath))?.revision
  const [stored] = isKept
    ? []
    : await Promise.all([matchPage(edge, canonicalPath), isKnown ? undefined : adoptRecord(edge)])
  return findInMemory(edge, settings, { ...wanted, stored })
}

/** The same without a look: the page in memory, or `stored`, which then joins it. */
export function findInMemory(
  edge: EdgeCache,
  settings: Settings,
  { canonicalPath, scope, stored }: Wanted & { stored?: StoredPage | undefined },
): FoundPage | undefined {
  const url = edge.urlOf(canonicalPath)
  // Not what it was before the look: another request may have stored the page meanwhile.
  const kept = memory.get(url)
  for (const [index, check] of findChecks(scope, settings).entries()) {
    const isCurrent = index === 0 && isWithin(check, settings.REVISION_MAX_AGE_SECONDS)
    if (kept?.revision === check.revision) return { page: kept, check, tier: 'memory', isCurrent }
    if (stored?.revision === check.revision) {
      keep(url, stored)
      return { page: stored, check, tier: 'colo', isCurrent }
    }
  }
  return undefined
}

/** Stores a page, in this isolate's memory at once. */
export async function putPage(edge: EdgeCache, path: string, page: StoredPage): Promise<void> {
  keep(edge.urlOf(path), page)
  const { body, ...details } = page
  await edge.put(path, body, { [DETAILS]: JSON.stringify(details) })
}

/** The page that the data center holds, of any revision; a damaged one is a miss. */
async function matchPage(edge: EdgeCache, path: string): Promise<StoredPage | undefined> {
  const stored = await edge.match(path)
  try {
    const details = JSON.parse(stored?.headers.get(DETAILS) ?? '')
    return stored && { ...detailsSchema.parse(details), body: stored.body }
  } catch {
    return undefined
  }
}

function keep(url: string, page: StoredPage): void {
  memory.delete(url)
  if (sizeOf(page, url) <= MAX_SIZE_IN_MEMORY) memory.set(url, page)
}

/** Approximate bytes. URLs and links count too, since those of an empty page can be longer than it. */
function sizeOf({ body, link }: StoredPage, url: string): number {
  return body.length + 2 * (url.length + link.length) + 500
}
