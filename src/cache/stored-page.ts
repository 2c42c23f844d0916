/**
 * Stored answers: the hot ones in this isolate's memory, all of them in the data centre's cache. An
 * answer never goes stale under its key (see `edge-cache.ts`), so one copy is as good as another.
 */

import { z } from 'zod'
import { afterResponse, matchStored, putStored } from './edge-cache.ts'

/** A body, and what belongs to it rather than to a request. */
export type StoredAnswer = { body: Uint8Array; notes: AnswerNotes }

const rowKeySchema = z.object({ created_on: z.string(), asset_id: z.string() })

/** The listing's total, and the keys of the page's rows, absent if it has none. */
const listingNotesSchema = z.object({
  totalItems: z.number(),
  first: rowKeySchema.optional(),
  last: rowKeySchema.optional(),
})
export type ListingNotes = z.infer<typeof listingNotesSchema>

/** The headers `ETag` and `Link`, which must be fit to send; `listing` belongs to a page of assets. */
const notesSchema = z.object({
  etag: z.string().regex(/^"[\w-]+"$/),
  link: z.string().regex(/^[ -~]*$/),
  listing: listingNotesSchema.optional(),
})
export type AnswerNotes = z.infer<typeof notesSchema>

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

/** The answer under a key, from memory or the data center's cache; a damaged copy is a miss. */
export async function matchAnswer(key: string): Promise<StoredAnswer | undefined> {
  const kept = recallAnswer(key)
  if (kept) return kept
  const stored = await matchStored(key)
  const notes = parseNotes(stored?.headers.get(NOTES_HEADER))
  const body = notes && (await stored?.bytes().catch(() => undefined))
  if (!notes || !body) return undefined
  const answer = { body, notes }
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

function parseNotes(text: string | null | undefined): AnswerNotes | undefined {
  try {
    return notesSchema.parse(JSON.parse(text ?? ''))
  } catch {
    return undefined
  }
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
