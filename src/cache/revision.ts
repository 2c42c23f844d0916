/**
 * Which revision of the catalog is current. A stored page belongs to a revision and never goes
 * stale; the check that found the revision does. The last check is kept in the isolate's memory and
 * in the data center's cache.
 */

import { LRUCache } from 'lru-cache'
import * as z from 'zod'
import { readRevision } from '../db/catalog.ts'
import { FailedCallError } from '../db/neon-call.ts'
import type { Settings } from '../settings.ts'
import { CLOCK_SKEW_MS, type EdgeCache } from './edge-cache.ts'

const checkSchema = z.object({ revision: z.guid(), checkedAt: z.number() })

/** `revision` was the current one at `checkedAt` (milliseconds since the epoch), or later. */
export type RevisionCheck = z.infer<typeof checkSchema>

const PATH = '/revision'
const OUTAGE_MS = 10_000

let lastCheck: RevisionCheck | undefined
/** The last check that found the revision before the one of `lastCheck`. */
let previousRevisionCheck: RevisionCheck | undefined
/** The checks that this isolate has stored in the data center's cache, by key. */
const storedChecks = new LRUCache<string, RevisionCheck>({ max: 100 })
let renewalStartedAt = 0
let databaseFailedAt = 0

/**
 * The last check: this isolate's if it is within REVISION_MAX_AGE_SECONDS, otherwise the newer of
 * this isolate's and the data center's. None if it is older than STALE_SECONDS.
 */
export async function findLastCheck(
  edge: EdgeCache,
  settings: Settings,
): Promise<RevisionCheck | undefined> {
  if (!isWithin(lastCheck, settings.REVISION_MAX_AGE_SECONDS)) await adoptStoredCheck(edge)
  return isWithin(lastCheck, settings.STALE_SECONDS) ? lastCheck : undefined
}

/** The last check that found the previous revision. None if it is older than STALE_SECONDS. */
export function findPreviousCheck(settings: Settings): RevisionCheck | undefined {
  return isWithin(previousRevisionCheck, settings.STALE_SECONDS) ? previousRevisionCheck : undefined
}

export function ageSeconds(check: RevisionCheck): number {
  return Math.max(0, (Date.now() - check.checkedAt) / 1000)
}

/** Keeps a check that the database has answered: in memory, and for the data center if it is news. */
export async function recordCheck(
  edge: EdgeCache,
  settings: Settings,
  check: RevisionCheck,
): Promise<void> {
  databaseFailedAt = 0
  const key = edge.keyOf(PATH)
  if (!keep(check) || !isNews(settings, storedChecks.get(key), check)) return
  storedChecks.set(key, check)
  await edge.put(PATH, JSON.stringify(check))
}

/** Records an outage, so that not every request waits for the database in vain. */
export function recordOutage(): void {
  databaseFailedAt = Date.now()
}

/** The database could not be reached within the last ten seconds, and has not answered since. */
export function isOutage(): boolean {
  return Date.now() - databaseFailedAt < OUTAGE_MS
}

/**
 * Renews the check in the background: by another isolate's, otherwise by a query that costs the
 * database next to nothing. One renewal runs at a time; it never rejects.
 */
export async function renewCheck(edge: EdgeCache, settings: Settings): Promise<void> {
  const checkedAt = Date.now()
  if (checkedAt - renewalStartedAt < settings.DATABASE_TIMEOUT_MS) return
  renewalStartedAt = checkedAt
  try {
    await adoptStoredCheck(edge)
    if (!isWithin(lastCheck, settings.REVISION_FRESH_SECONDS)) {
      await recordCheck(edge, settings, { revision: await readRevision(settings), checkedAt })
    }
    renewalStartedAt = 0
  } catch (error) {
    // `renewalStartedAt` stays, so that the next renewal waits as long as this one may have taken.
    if (error instanceof FailedCallError && error.isOutage) recordOutage()
  }
}

function isWithin(check: RevisionCheck | undefined, seconds: number): check is RevisionCheck {
  return check !== undefined && ageSeconds(check) <= seconds
}

/** True if a check is new enough to help other isolates. */
function isNews(
  settings: Settings,
  last: RevisionCheck | undefined,
  check: RevisionCheck,
): boolean {
  if (last?.revision !== check.revision) return true
  return check.checkedAt - last.checkedAt > (settings.REVISION_FRESH_SECONDS * 1000) / 2
}

async function adoptStoredCheck(edge: EdgeCache): Promise<void> {
  const stored = await edge.match(PATH)
  const { data: check } = checkSchema.safeParse(await stored?.json().catch(() => undefined))
  // A clock that is ahead must not make an old check look new.
  if (check && check.checkedAt <= Date.now() + CLOCK_SKEW_MS) keep(check)
}

/** Newer checks win; any check replaces one dated in the future. */
function keep(check: RevisionCheck): boolean {
  const lastCheckedAt = lastCheck?.checkedAt ?? 0
  if (check.checkedAt <= lastCheckedAt && lastCheckedAt <= Date.now()) return false
  if (lastCheck?.revision !== check.revision) previousRevisionCheck = lastCheck
  lastCheck = check
  return true
}
