/**
 * Stored pages: those used most recently in this isolate's memory, all of them in the data center's
 * cache. A page never changes under its path, which contains the revision.
 */

import { LRUCache } from 'lru-cache'
import * as z from 'zod'
import type { EdgeCache } from './edge-cache.ts'

const rowKeySchema = z.object({ created_on: z.string(), asset_id: z.string() })

/** The listing's total, and the keys of the page's first and last row, if it has rows. */
const keysetBoundsSchema = z.object({
  totalItems: z.number(),
  first: rowKeySchema.optional(),
  last: rowKeySchema.optional(),
})
export type KeysetBounds = z.infer<typeof keysetBoundsSchema>

/** The response headers that depend on the body alone, and the bounds of a page of assets. */
const entityHeadersSchema = z.object({
  etag: z.string().regex(/^"[\w-]+"$/),
  link: z.string().regex(/^[ -~]*$/),
  keyset: keysetBoundsSchema.optional(),
})

export type StoredPage = { body: Uint8Array; headers: z.infer<typeof entityHeadersSchema> }

/** The header of the stored response that holds the page's `headers` as JSON. */
const STORED_HEADER = 'Entity-Headers'

const memory = new LRUCache<string, StoredPage>({
  maxSize: 8 * 1024 * 1024,
  maxEntrySize: 256 * 1024,
  sizeCalculation: sizeOf,
})

/** The page under a path, if it is in this isolate's memory. */
export function pageInMemory(edge: EdgeCache, path: string): StoredPage | undefined {
  return memory.get(edge.keyOf(path))
}

/** The page under a path, from memory or the data center's cache; a damaged copy is a miss. */
export async function matchPage(edge: EdgeCache, path: string): Promise<StoredPage | undefined> {
  const kept = pageInMemory(edge, path)
  if (kept) return kept
  const stored = await edge.match(path)
  const headers = parseHeaders(stored?.headers.get(STORED_HEADER))
  const body = headers && (await stored?.bytes().catch(() => undefined))
  if (!headers || !body) return undefined
  const page = { body, headers }
  memory.set(edge.keyOf(path), page)
  return page
}

/** Stores a page, in this isolate's memory at once. */
export async function putPage(edge: EdgeCache, path: string, page: StoredPage): Promise<void> {
  memory.set(edge.keyOf(path), page)
  await edge.put(path, page.body, { [STORED_HEADER]: JSON.stringify(page.headers) })
}

function parseHeaders(text: string | null | undefined): StoredPage['headers'] | undefined {
  try {
    return entityHeadersSchema.parse(JSON.parse(text ?? ''))
  } catch {
    return undefined
  }
}

/** Approximate bytes. Keys and links count too, since those of an empty page can be longer than it. */
function sizeOf({ body, headers }: StoredPage, key: string): number {
  return body.length + 2 * (key.length + headers.link.length) + 500
}
