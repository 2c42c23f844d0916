/**
 * Which revision of the catalogue is current. Stored pages belong to a revision and never go stale
 * there; what ages is this knowledge, kept in the isolate's memory and in the data centre's cache.
 */

import { readRevision } from './catalog.ts'
import { matchStored, putStored } from './edge-cache.ts'

/** `revision` was the current one at `checkedAt` (milliseconds since the epoch), or later. */
export type RevisionCheck = { revision: string; checkedAt: number }

let lastCheck: RevisionCheck | undefined
let lastStored: RevisionCheck | undefined
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

export function ageSeconds(check: RevisionCheck): number {
  return Math.max(0, (Date.now() - check.checkedAt) / 1000)
}

/** Keeps newer knowledge, in memory and, where it tells others enough that is new, for the data centre. */
export async function learnRevision(env: Env, prefix: string, check: RevisionCheck): Promise<void> {
  databaseFailedAt = 0
  if (!remember(check) || !isNews(env, check)) return
  lastStored = check
  await scheduler.wait(20)
  await putStored(storedKey(prefix), JSON.stringify(check), {}, env.STALE_SECONDS)
}

/** Notes that the database did not answer, so that not every request waits for it in vain. */
export function noteDatabaseFailure(): void {
  databaseFailedAt = Date.now()
}

/** The database failed within the last `REVISION_FRESH_SECONDS`, and has not answered since. */
export function databaseIsDown(env: Env): boolean {
  return Date.now() - databaseFailedAt < env.REVISION_FRESH_SECONDS * 1000
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
    if (lastCheck && ageSeconds(lastCheck) <= env.REVISION_FRESH_SECONDS) return
    await learnRevision(env, prefix, { revision: await readRevision(env), checkedAt })
  } catch {
    noteDatabaseFailure()
  } finally {
    checkStartedAt = 0
  }
}

function isNews(env: Env, { revision, checkedAt }: RevisionCheck): boolean {
  if (lastStored?.revision !== revision) return true
  return checkedAt - lastStored.checkedAt > (env.REVISION_FRESH_SECONDS * 1000) / 2
}

async function adoptStored(prefix: string): Promise<void> {
  const stored = await matchStored(storedKey(prefix))
  const check = await stored?.json<RevisionCheck>().catch(() => undefined)
  if (check) remember(check)
}

function storedKey(prefix: string): string {
  return `${prefix}/revision`
}

function remember(check: RevisionCheck): boolean {
  if (lastCheck && lastCheck.checkedAt >= check.checkedAt) return false
  lastCheck = check
  return true
}
