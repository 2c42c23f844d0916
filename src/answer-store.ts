/**
 * Stored answers: the hot ones in this isolate's memory, all of them in the data centre's cache. An
 * answer never goes stale under its key (see `edge-cache.ts`), so one copy is as good as another.
 */

import { afterResponse, matchStored, putStored } from './edge-cache.ts'
import type { RowKey } from './page-query.ts'

/** A body, and what belongs to it rather than to a request. */
export type StoredAnswer = { body: Uint8Array; notes: AnswerNotes }

/** `link` is the `Link` header; `listing` is there for a page of assets. */
export type AnswerNotes = { etag: string; link: string; listing?: ListingNotes | undefined }

/** The listing's total, and the keys of the page's rows, absent where it has none. */
export type ListingNotes = {
  totalItems: number
  first?: RowKey | undefined
  last?: RowKey | undefined
}

const NOTES_HEADER = 'Answer-Notes'
const MAX_MEMORY_BYTES = 8 * 1024 * 1024
const MAX_ANSWER_BYTES = 256 * 1024

/** By key, the least recently used first. */
const memory = new Map<string, StoredAnswer>()
let memoryBytes = 0

/** The answer under a key, if it is in this isolate's memory. */
export function recallAnswer(key: string): StoredAnswer | undefined {
  const kept = memory.get(key)
  if (kept) {
    memory.delete(key)
    memory.set(key, kept)
  }
  return kept
}

/** The answer under a key, from memory or the data centre's cache. */
export async function matchAnswer(key: string): Promise<StoredAnswer | undefined> {
  const kept = recallAnswer(key)
  if (kept) return kept
  const stored = await matchStored(key)
  const notes = stored?.headers.get(NOTES_HEADER)
  const body = notes && (await stored?.bytes().catch(() => undefined))
  if (!notes || !body) return undefined
  // Written by `putAnswer` only.
  const answer = { body, notes: JSON.parse(notes) as AnswerNotes }
  keep(key, answer)
  return answer
}

/** Stores an answer, for this isolate at once. */
export async function putAnswer(
  key: string,
  answer: StoredAnswer,
  keepSeconds: number,
): Promise<void> {
  keep(key, answer)
  await afterResponse()
  await putStored(key, answer.body, { [NOTES_HEADER]: JSON.stringify(answer.notes) }, keepSeconds)
}

function keep(key: string, answer: StoredAnswer): void {
  if (answer.body.length > MAX_ANSWER_BYTES || memory.has(key)) return
  memory.set(key, answer)
  memoryBytes += sizeOf(key, answer)
  for (const [oldest, evicted] of memory) {
    if (memoryBytes <= MAX_MEMORY_BYTES) break
    memory.delete(oldest)
    memoryBytes -= sizeOf(oldest, evicted)
  }
}

/** Names count too: empty pages of long names must not take more than their share. */
function sizeOf(key: string, { body, notes }: StoredAnswer): number {
  return body.length + 2 * (key.length + notes.link.length) + 500
}
