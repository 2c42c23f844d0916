/** Checks every answer against the service's guarantees. */

import { createHash } from 'node:crypto'
import type { SoakCatalog } from './catalog.ts'
import type { FaultSchedule } from './fault-schedule.ts'
import { describePage } from './model.ts'
import type { OverloadWatch } from './overload.ts'
import { parsePage } from './page-schema.ts'
import type { RequestKind, SoakRequest } from './requests.ts'
import { WaitWatch } from './waiting.ts'

/** The Worker's settings, short enough for each limit to be reached within 30 s. */
export const VARS = {
  /** More than the 3 s that Neon's proxy needs to say that the database is out of reach. */
  DATABASE_TIMEOUT_MS: 4000,
  REVISION_FRESH_SECONDS: 1,
  REVISION_MAX_AGE_SECONDS: 2,
} as const

/** The maximum delay between an event and the time recorded for it. */
const RECORDING_DELAY_MS = 200
const MAX_ANSWER_MS = VARS.DATABASE_TIMEOUT_MS + 1000
const EXPECTED: Record<RequestKind, number[]> = {
  page: [200],
  crawl: [200],
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
  /** Messages of the failed checks. */
  violations: string[]
  /** The entity tag of the newest page seen at a path. */
  etagOf(path: string): string | undefined
  check(answer: Answer): void
}

type Circumstances = {
  faultSchedule: FaultSchedule
  /** Times when the machine is overloaded, so that latency is not checked. */
  overload: OverloadWatch
  /** True if a page may have been lost, because the simulated cache was too slow to store it. */
  mayLosePages(): boolean
}

export function createAnswerChecker(
  { changes, model }: SoakCatalog,
  { faultSchedule, overload, mayLosePages }: Circumstances,
): AnswerChecker {
  const violations: string[] = []
  const waits = new WaitWatch(RECORDING_DELAY_MS)
  /** Descriptions of pages, by entity tag. */
  const shownByEtag = new Map<string, string>()
  /** Keys are a path and the description of its page. */
  const etags = new Map<string, string>()
  /** The newest page of each path, and the last change that it shows. */
  const newest = new Map<string, { etag: string; change: number }>()

  function assertPromises(answer: Answer): void {
    const { request, startedAt, endedAt, status } = answer
    const ms = endedAt - startedAt
    if (ms > MAX_ANSWER_MS && !overload.between(startedAt, endedAt)) {
      throw new Error(`took ${ms} ms`)
    }
    if (!overload.between(startedAt, endedAt)) {
      waits.check(answer, faultSchedule.outageBetween(startedAt, endedAt))
    }
    const expected = EXPECTED[request.kind]
    if (status === 503 && expected.includes(200)) checkUnavailable(answer)
    else if (status === 422 && expected.includes(200)) checkTooLarge(answer)
    else if (!expected.includes(status)) throw new Error(answer.body.slice(0, 200))
    if (status === 200) readPage(answer)
    if (status === 200 || status === 304) checkFreshness(answer)
  }

  /** A 503 is allowed during an outage if the page was not stored under the last two revisions. */
  function checkUnavailable({ request, startedAt, endedAt, body }: Answer): void {
    const since = startedAt - VARS.DATABASE_TIMEOUT_MS - RECORDING_DELAY_MS
    const fault = faultSchedule.outageBetween(since, endedAt)
    const outage = fault ?? overload.between(since, endedAt)
    if (!outage) throw new Error('503 without an outage')
    if (body !== '{"detail":"Service Unavailable"}') throw new Error(body.slice(0, 200))
    // The Worker cannot have seen later changes.
    const lastSeenAt = (fault?.lastAnswerAt ?? outage.startedAt) + RECORDING_DELAY_MS
    const lastSeen = changes.findLastIndex((change) => change.startedAt <= lastSeenAt)
    const shown = shownByEtag.get(newest.get(request.path)?.etag ?? '')
    if (shown === undefined) return
    const first = model.firstChangeOf(request.path, shown)
    const changesSince = changes
      .slice(0, lastSeen + 1)
      .filter((_, change) => change > first && model.isChanged(request.path, change))
    if (changesSince.length <= 1 && !mayLosePages()) {
      throw new Error(`503 although the page of change ${first} is stored`)
    }
  }

  /** Pages are small, so only an injected fault may cause a 422 for a page that is too large. */
  function checkTooLarge({ startedAt, endedAt, body }: Answer): void {
    const outage = faultSchedule.outageBetween(startedAt - RECORDING_DELAY_MS, endedAt)
    if (outage?.fault !== 'neon-answer-too-large') throw new Error(body.slice(0, 200))
  }

  function readPage({ request, etag, body }: Answer): void {
    const hash = createHash('sha256').update(body).digest('base64url')
    if (etag !== `"${hash}"`) throw new Error(`ETag ${etag} does not match the body`)
    if (shownByEtag.has(etag)) return
    const shown = describePage(parsePage(body))
    shownByEtag.set(etag, shown)
    const key = `${request.path} ${shown}`
    if (etags.has(key)) throw new Error('two different bodies with the same assets')
    etags.set(key, etag)
  }

  /** A page is at most as old as REVISION_MAX_AGE_SECONDS, or labeled stale during an outage. */
  function checkFreshness({ request, startedAt, endedAt, etag, cacheStatus }: Answer): void {
    const change = model.lastChangeOf(request.path, shownByEtag.get(etag) ?? '')
    if (cacheStatus.includes('database-down')) {
      const freshMs = VARS.REVISION_FRESH_SECONDS * 1000
      const since = startedAt - VARS.DATABASE_TIMEOUT_MS - freshMs - RECORDING_DELAY_MS
      const outage = faultSchedule.outageBetween(since, endedAt) ?? overload.between(since, endedAt)
      if (!outage) throw new Error('labeled stale without an outage')
    } else {
      const nextAt = changes[change + 1]?.committedAt ?? Number.POSITIVE_INFINITY
      const seconds = (startedAt - nextAt) / 1000
      if (seconds > VARS.REVISION_MAX_AGE_SECONDS + 0.05) {
        throw new Error(`change ${change} was replaced ${seconds} s before`)
      }
    }
    const previous = newest.get(request.path)
    if (!previous || previous.change <= change) newest.set(request.path, { etag, change })
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
