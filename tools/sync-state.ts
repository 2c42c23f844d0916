/**
 * Pages that a sync has read, one JSON line each, so that a run that was ended goes on where it
 * was. The first line says of what.
 */

import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { PageAnswer, ReadPage } from './gfw-client.ts'

const LONGEST_AGE_MS = 24 * 3600 * 1000

export interface SyncState {
  /** Pages of the state file, the others from the source; these are added to the file. */
  readPage: ReadPage
  /** Pages that an earlier run has read. */
  pages: number
  /** Whether the last page was one of these. */
  isReplaying(): boolean
  remove(): void
}

/** A state that is older than a day, or of other options, is begun anew. */
export function openSyncState(
  path: string,
  options: { from: string; pageSize: number },
  readPage: ReadPage,
  now: number = Date.now(),
): SyncState {
  const answers = readState(path, options, now)
  if (!answers) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, `${JSON.stringify({ ...options, startedAt: now })}\n`, { mode: 0o600 })
  }
  const known = answers ?? new Map<string, PageAnswer>()
  const replayed = new Set(known.keys())
  let isReplaying = false
  return {
    pages: replayed.size,
    isReplaying: () => isReplaying,
    async readPage(filters, size, number) {
      const key = JSON.stringify([filters, size, number])
      const before = known.get(key)
      isReplaying = replayed.has(key)
      if (before) return before
      const answer = await readPage(filters, size, number)
      known.set(key, answer)
      // What was slow or refused may be neither the next time.
      if (answer.kind !== 'slow' && answer.kind !== 'refused') {
        appendFileSync(path, `${JSON.stringify({ key, answer })}\n`)
      }
      return answer
    },
    remove: () => rmSync(path, { force: true }),
  }
}

function readState(
  path: string,
  options: { from: string; pageSize: number },
  now: number,
): Map<string, PageAnswer> | undefined {
  try {
    const [first = '', ...lines] = readFileSync(path, 'utf8').split('\n')
    const { from, pageSize, startedAt } = JSON.parse(first)
    const isOfThese = from === options.from && pageSize === options.pageSize
    if (!isOfThese || !(now - startedAt < LONGEST_AGE_MS)) return undefined
    // The last line is cut where the run was ended while it wrote it, else it is empty.
    if (lines.pop() !== '') writeFileSync(path, `${[first, ...lines].join('\n')}\n`)
    return new Map(lines.map((line) => JSON.parse(line)).map(({ key, answer }) => [key, answer]))
  } catch {
    // There is none, or not one of ours.
    return undefined
  }
}
