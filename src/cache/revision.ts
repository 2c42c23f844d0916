/**
 * Which revision of the catalogue is current. Stored pages belong to a revision and never go stale
 * there; what ages is this knowledge, kept in the isolate's memory and in the data centre's cache.
 */

import { z } from 'zod'
import { readRevision } from '../db/catalog.ts'
import { FailedCallError } from '../db/neon-call.ts'
import { afterResponse, matchStored, putStored } from './edge-cache.ts'

/** `revision` was the current one at `checkedAt` (milliseconds since the epoch), or later. */
export type RevisionCheck = z.infer<typeof checkSchema>

const checkSchema = z.object({ revision: z.guid(), checkedAt: z.number() })

const CLOCK_SKEW_MS = 1000
const DOWN_MS = 10_000
const MAX_HOSTS = 100

let lastCheck: RevisionCheck | undefined
/** The last check that found the revision before. */
let previousCheck: RevisionCheck | undefined
/** What this isolate has stored for others, by its key. */
const lastStored = new Map<string, RevisionCheck>()
let checkStartedAt = 0
let databaseFailedAt = 0

/**
 * The newest knowledge at hand: this isolate's where it keeps the freshness promise, else the data
 * centre's too. None where it is older than a stale page may be.
 */
export async function knownRevision(env: Env, prefix: string): Promise<RevisionCheck | undefined> {
  if (!lastCheck || ageSeconds(lastCheck) > env.REVISION_MAX_AGE_SECONDS) {
    await adoptStored(prefix)
  }
  return lastCheck && ageSeconds(lastCheck) <= env.STALE_SECONDS ? lastCheck : undefined
}

/** When the revision before was last known to be current, if stale pages may be as old as that. */
export function previousRevision(env: Env): RevisionCheck | undefined {
  return previousCheck && ageSeconds(previousCheck) <= env.STALE_SECONDS ? previousCheck : undefined
}

export function ageSeconds(check: RevisionCheck): number {
  return Math.max(0, (Date.now() - check.checkedAt) / 1000)
}

/** Keeps newer knowledge, in memory and, where it tells others enough that is new, for the data centre. */
export async function learnRevision(env: Env, prefix: string, check: RevisionCheck): Promise<void> {
  databaseFailedAt = 0
  const key = storedKey(prefix)
  if (!remember(check) || !isNews(env, lastStored.get(key), check)) return
  if (lastStored.size >= MAX_HOSTS) lastStored.clear()
  lastStored.set(key, check)
  await afterResponse()
  await putStored(key, JSON.stringify(check), {}, env.STALE_SECONDS)
}

/** Notes that the database did not answer, so that not every request waits for it in vain. */
export function noteDatabaseFailure(): void {
  databaseFailedAt = Date.now()
}

/** The database failed within the last ten seconds, and has not answered since. */
export function databaseIsDown(): boolean {
  return Date.now() - databaseFailedAt < DOWN_MS
}

/**
 * Renews the knowledge behind a response: from another isolate's, else by a query that costs the
 * database next to nothing. One check at a time; it never rejects.
 */
export async function checkRevision(env: Env, prefix: string): Promise<void> {
  const checkedAt = Date.now()
  if (checkedAt - checkStartedAt < env.DATABASE_TIMEOUT_MS) return
  checkStartedAt = checkedAt
  try {
    await adoptStored(prefix)
    const isKnown = lastCheck && ageSeconds(lastCheck) <= env.REVISION_FRESH_SECONDS
    if (!isKnown) {
      await learnRevision(env, prefix, { revision: await readRevision(env), checkedAt })
    }
    checkStartedAt = 0
  } catch (error) {
    // The next check waits for as long as this one might have taken.
    if (error instanceof FailedCallError && error.isOutage) noteDatabaseFailure()
  }
}

function isNews(env: Env, last: RevisionCheck | undefined, check: RevisionCheck): boolean {
  if (last?.revision !== check.revision) return true
  return check.checkedAt - last.checkedAt > (env.REVISION_FRESH_SECONDS * 1000) / 2
}

async function adoptStored(prefix: string): Promise<void> {
  const stored = await matchStored(storedKey(prefix))
  const { data: check } = checkSchema.safeParse(await stored?.json().catch(() => undefined))
  // A clock that is ahead must not make old knowledge look new.
  if (check && check.checkedAt <= Date.now() + CLOCK_SKEW_MS) remember(check)
}

function storedKey(prefix: string): string {
  return `${prefix}/revision`
}

/** Newer knowledge wins, and any over what is of the future. */
function remember(check: RevisionCheck): boolean {
  const known = lastCheck?.checkedAt ?? 0
  if (check.checkedAt <= known && known <= Date.now()) return false
  if (lastCheck?.revision !== check.revision) previousCheck = lastCheck
  lastCheck = check
  return true
}
