/** What is promised of every answer, and the answers that break it. */

import { createHash } from 'node:crypto'
import { readChange, type SoakCatalog } from './catalog.ts'
import type { FaultSchedule } from './fault-schedule.ts'
import type { OverloadWatch } from './overload.ts'
import { parsePage } from './page-schema.ts'
import type { RequestKind, SoakRequest } from './requests.ts'

/** The Worker's settings in a soak: short, so that a run of 30 s meets the end of each. */
export const VARS = {
  DATABASE_TIMEOUT_MS: 2000,
  REVISION_FRESH_SECONDS: 1,
  REVISION_MAX_AGE_SECONDS: 2,
} as const

/** From the time at which something happens to the time at which it is noted. */
const RECORDING_DELAY_MS = 200
const MAX_ANSWER_MS = VARS.DATABASE_TIMEOUT_MS + 1000
const EXPECTED: Record<RequestKind, number[]> = {
  page: [200],
  conditional: [200, 304],
  'no token': [401],
  'expired token': [401],
  'bad query': [422],
}

/** Times are milliseconds since the epoch. */
export type Answer = {
  request: SoakRequest
  startedAt: number
  endedAt: number
  status: number
  etag: string
  cacheStatus: string
  body: string
}

export interface AnswerChecker {
  /** Broken promises, in words. */
  violations: string[]
  /** The entity tag of the newest answer to a path. */
  etagOf(path: string): string | undefined
  check(answer: Answer): void
}

/**
 * @param overload promises that depend on the time of an answer are not judged in it: they are of
 *   the Worker, not of a machine that others keep busy
 */
export function createAnswerChecker(
  { changes }: SoakCatalog,
  faultSchedule: FaultSchedule,
  overload: OverloadWatch,
): AnswerChecker {
  const violations: string[] = []
  /** The change that a body shows, by its entity tag; and bodies by path and change. */
  const changeByEtag = new Map<string, number | undefined>()
  const etagByChange = new Map<string, string>()
  const newest = new Map<string, { etag: string; change: number }>()

  function assertPromises(answer: Answer): void {
    const { request, startedAt, endedAt, status } = answer
    const ms = endedAt - startedAt
    if (ms > MAX_ANSWER_MS && !overload.between(startedAt, endedAt)) {
      throw new Error(`answered after ${ms} ms`)
    }
    const expected = EXPECTED[request.kind]
    if (status === 503 && expected.includes(200)) checkUnavailable(answer)
    else if (status === 422 && expected.includes(200)) checkTooLarge(answer)
    else if (!expected.includes(status)) throw new Error(answer.body.slice(0, 200))
    if (status === 200) readPage(answer)
    if (status === 200 || status === 304) checkFreshness(answer)
  }

  /** In an outage, a 503 is for pages that nobody has read since the last change but one. */
  function checkUnavailable({ request, startedAt, endedAt, body }: Answer): void {
    const since = startedAt - VARS.DATABASE_TIMEOUT_MS - RECORDING_DELAY_MS
    const outage = faultSchedule.outageBetween(since, endedAt) ?? overload.between(since, endedAt)
    if (!outage) throw new Error('no outage')
    if (body !== '{"detail":"Service Unavailable"}') throw new Error(body.slice(0, 200))
    // The Worker can't have learnt of later changes.
    const known = changes.findLastIndex(
      (change) => change.startedAt <= outage.startedAt + RECORDING_DELAY_MS,
    )
    const stored = newest.get(request.path)
    if (stored && stored.change >= known - 1) {
      throw new Error(`the page of change ${stored.change} was stored`)
    }
  }

  /** No page of a soak is too large, unless Neon says so. */
  function checkTooLarge({ startedAt, endedAt, body }: Answer): void {
    const outage = faultSchedule.outageBetween(startedAt - RECORDING_DELAY_MS, endedAt)
    if (outage?.fault !== 'neon-answer-too-large') throw new Error(body.slice(0, 200))
  }

  function readPage({ request, etag, body }: Answer): void {
    const hash = createHash('sha256').update(body).digest('base64url')
    if (etag !== `"${hash}"`) throw new Error(`ETag ${etag} is of another body`)
    if (changeByEtag.has(etag)) return
    const change = readChange(parsePage(body), request.isUnfiltered)
    changeByEtag.set(etag, change)
    if (change === undefined) return
    const key = `${change} ${request.path}`
    const other = etagByChange.get(key)
    if (other !== undefined) throw new Error(`two bodies of change ${change}`)
    etagByChange.set(key, etag)
  }

  /** True to a revision that was current within the promise, or labelled in an outage. */
  function checkFreshness({ request, startedAt, endedAt, etag, cacheStatus }: Answer): void {
    const number = changeByEtag.get(etag)
    if (cacheStatus.includes('database-down')) {
      const freshMs = VARS.REVISION_FRESH_SECONDS * 1000
      const since = startedAt - VARS.DATABASE_TIMEOUT_MS - freshMs - RECORDING_DELAY_MS
      const outage = faultSchedule.outageBetween(since, endedAt) ?? overload.between(since, endedAt)
      if (!outage) throw new Error('labelled stale in no outage')
    } else if (number !== undefined) {
      const nextAt = changes[number + 1]?.committedAt ?? Number.POSITIVE_INFINITY
      const seconds = (startedAt - nextAt) / 1000
      if (seconds > VARS.REVISION_MAX_AGE_SECONDS + 0.05) {
        throw new Error(`change ${number} was over for ${seconds} s`)
      }
    }
    if (number === undefined) return
    const known = newest.get(request.path)
    if (!known || known.change <= number) newest.set(request.path, { etag, change: number })
  }

  return {
    violations,
    etagOf: (path) => newest.get(path)?.etag,
    check(answer) {
      try {
        assertPromises(answer)
      } catch (error) {
        const { request, status, cacheStatus } = answer
        const reason = error instanceof Error ? error.message : String(error)
        const fault =
          faultSchedule.outageBetween(answer.startedAt, answer.endedAt)?.fault ?? 'no fault'
        violations.push(
          `${status} to ${request.kind} ${request.path} after ${answer.endedAt - answer.startedAt} ms (${cacheStatus}; ${fault}): ${reason}`,
        )
      }
    },
  }
}
