/**
 * Stored pages: the hot ones in this isolate's memory, all of them in the data centre's cache. A
 * page never goes stale under its key (see `edge-cache.ts`), so one copy is as good as another.
 */

import { afterResponse, matchStored, putStored } from './edge-cache.ts'
import type { RowKey } from './page-query.ts'

/** A page's body, and what belongs to it rather than to a request. */
export type StoredPage = { body: Uint8Array; notes: PageNotes }

/** `first` and `last` are the keys of the page's rows, absent where it has none. */
export type PageNotes = {
  etag: string
  link: string
  totalItems: number
  first?: RowKey | undefined
  last?: RowKey | undefined
}

const NOTES_HEADER = 'Page-Notes'
const MAX_MEMORY_BYTES = 8 * 1024 * 1024
const MAX_PAGE_BYTES = 256 * 1024

/** By key, the least recently used first. */
const memory = new Map<string, StoredPage>()
let memoryBytes = 0

/** The page under a key, from memory or the data centre's cache. */
export async function matchPage(key: string): Promise<StoredPage | undefined> {
  const kept = memory.get(key)
  if (kept) {
    memory.delete(key)
    memory.set(key, kept)
    return kept
  }
  const stored = await matchStored(key)
  const notes = stored?.headers.get(NOTES_HEADER)
  const body = notes && (await stored?.bytes().catch(() => undefined))
  if (!notes || !body) return undefined
  // Written by `putPage` only.
  const page = { body, notes: JSON.parse(notes) as PageNotes }
  keep(key, page)
  return page
}

/** Stores a page, for this isolate at once. */
export async function putPage(key: string, page: StoredPage, keepSeconds: number): Promise<void> {
  keep(key, page)
  await afterResponse()
  await putStored(key, page.body, { [NOTES_HEADER]: JSON.stringify(page.notes) }, keepSeconds)
}

function keep(key: string, page: StoredPage): void {
  if (page.body.length > MAX_PAGE_BYTES || memory.has(key)) return
  memory.set(key, page)
  memoryBytes += sizeOf(key, page)
  for (const [oldest, evicted] of memory) {
    if (memoryBytes <= MAX_MEMORY_BYTES) break
    memory.delete(oldest)
    memoryBytes -= sizeOf(oldest, evicted)
  }
}

/** Names count too: pages of long names without items must not take more than their share. */
function sizeOf(key: string, { body, notes }: StoredPage): number {
  return body.length + 2 * (key.length + notes.link.length) + 500
}
