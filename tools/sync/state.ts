/**
 * The state file of a sync, from which an interrupted run resumes: a line of JSON with format,
 * source and page size, then one for each page read. It never contains the token, and only its
 * owner may read it.
 */

import { appendFileSync, readFileSync, rmSync } from 'node:fs'
import { writePrivateFile } from '../private-file.ts'
import type { PageAnswer, ReadList } from './gfw-client.ts'

const MAX_AGE_MS = 24 * 3600 * 1000

/** Files with another format are discarded. */
const FORMAT = 2

interface StateKey {
  from: string
  pageSize: number
}

export interface SyncState {
  /** Reads pages from the state file, or from the source and adds them to the file. */
  readList: ReadList
  /** Number of pages read by an earlier run. */
  pages: number
  /** True if the last page came from the state file. */
  isReplaying(): boolean
  remove(): void
}

/** Discards the file if it is a day old or has another source, page size or format. */
export function openSyncState(
  path: string,
  { from, pageSize }: StateKey,
  readList: ReadList,
): SyncState {
  const now = Date.now()
  const before = readState(path, { from, pageSize }, now)
  const first = JSON.stringify({ format: FORMAT, from, pageSize, startedAt: now })
  writePrivateFile(path, before?.text ?? `${first}\n`)
  const answers = before?.answers ?? new Map<string, PageAnswer>()
  const replayed = new Set(answers.keys())
  let isReplaying = false
  return {
    pages: replayed.size,
    isReplaying: () => isReplaying,
    async readList(list, query) {
      const key = JSON.stringify([list, query])
      const stored = answers.get(key)
      isReplaying = replayed.has(key)
      if (stored) return stored
      const answer = await readList(list, query)
      answers.set(key, answer)
      // The next run may succeed with these.
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
  options: StateKey,
  now: number,
): { text: string; answers: Map<string, PageAnswer> } | undefined {
  try {
    const [first = '', ...lines] = readFileSync(path, 'utf8').split('\n')
    const { format, from, pageSize, startedAt } = JSON.parse(first)
    const isSameKey = from === options.from && pageSize === options.pageSize
    const isRecent = startedAt <= now && now - startedAt < MAX_AGE_MS
    if (format !== FORMAT || !isSameKey || !isRecent) return undefined
    // The last line is empty, or incomplete if the run was interrupted while writing it.
    lines.pop()
    const parsed = lines.map((line) => JSON.parse(line))
    const answers = new Map(parsed.map(({ key, answer }) => [key, answer]))
    return { text: `${[first, ...lines].join('\n')}\n`, answers }
  } catch {
    // The file is missing or invalid.
    return undefined
  }
}
