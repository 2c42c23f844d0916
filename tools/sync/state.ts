/**
 * Pages that a sync has read, one JSON line each, so that a run that was ended goes on where it
 * was. The first line names the format, the source, and the page size. The file never holds the
 * token, and only its owner may read it.
 */

import { appendFileSync, readFileSync, rmSync } from 'node:fs'
import { writePrivateFile } from '../private-file.ts'
import type { PageAnswer, ReadList } from './gfw-client.ts'

const LONGEST_AGE_MS = 24 * 3600 * 1000

/** A state of another format is begun anew. */
const FORMAT = 2

/** What the pages are pages of. */
interface StateOf {
  from: string
  pageSize: number
}

export interface SyncState {
  /** Pages of the state file, the others from the source; these are added to the file. */
  readList: ReadList
  /** Pages that an earlier run has read. */
  pages: number
  /** Whether the last page was one of these. */
  isReplaying(): boolean
  remove(): void
}

/** A state that is a day old, or of another source, page size or format, is begun anew. */
export function openSyncState(
  path: string,
  { from, pageSize }: StateOf,
  readList: ReadList,
): SyncState {
  const now = Date.now()
  const before = readState(path, { from, pageSize }, now)
  const first = JSON.stringify({ format: FORMAT, from, pageSize, startedAt: now })
  writePrivateFile(path, before?.text ?? `${first}\n`)
  const known = before?.answers ?? new Map<string, PageAnswer>()
  const replayed = new Set(known.keys())
  let isReplaying = false
  return {
    pages: replayed.size,
    isReplaying: () => isReplaying,
    async readList(list, query) {
      const key = JSON.stringify([list, query])
      const kept = known.get(key)
      isReplaying = replayed.has(key)
      if (kept) return kept
      const answer = await readList(list, query)
      known.set(key, answer)
      // What was too large or refused may be neither the next time.
      if (answer.kind !== 'too-large' && answer.kind !== 'refused') {
        appendFileSync(path, `${JSON.stringify({ key, answer })}\n`, { mode: 0o600 })
      }
      return answer
    },
    remove: () => rmSync(path, { force: true }),
  }
}

function readState(
  path: string,
  options: StateOf,
  now: number,
): { text: string; answers: Map<string, PageAnswer> } | undefined {
  try {
    const [first = '', ...lines] = readFileSync(path, 'utf8').split('\n')
    const { format, from, pageSize, startedAt } = JSON.parse(first)
    const isOfThese = from === options.from && pageSize === options.pageSize
    const isRecent = startedAt <= now && now - startedAt < LONGEST_AGE_MS
    if (format !== FORMAT || !isOfThese || !isRecent) return undefined
    // The last line is cut if the run was ended while it wrote it, and empty otherwise.
    lines.pop()
    const parsed = lines.map((line) => JSON.parse(line))
    const answers = new Map(parsed.map(({ key, answer }) => [key, answer]))
    return { text: `${[first, ...lines].join('\n')}\n`, answers }
  } catch {
    // There is no such file, or it is not a state.
    return undefined
  }
}
