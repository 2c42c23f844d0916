/**
 * Which revision is current, by scope: a dataset, or the whole catalog. A stored page belongs to a
 * revision and never goes stale; the check that found the revision does. Checks are kept in the
 * isolate's memory, and for all scopes in one record of the data center's cache.
 */

import * as z from 'zod'
import { ageMs } from '../clock.ts'
import { readRevisions } from '../db/catalog.ts'
import { readTimeoutMs } from '../db/neon-call.ts'
import { LruMap } from '../lru-map.ts'
import type { Settings } from '../settings.ts'
import type { EdgeCache } from './edge-cache.ts'
import {
  adoptLastCall,
  databaseState,
  lastCall,
  lastCallSchema,
  observeCall,
  tryAlone,
} from './outage.ts'

const checkSchema = z.object({ revision: z.guid(), checkedAt: z.number() })
/** `revision` was the current one at `checkedAt` (milliseconds since the epoch), or later. */
export type RevisionCheck = z.infer<typeof checkSchema>

/** Checks by scope, and the last database call. */
const recordSchema = z.object({
  lastCall: lastCallSchema,
  scopes: z.array(z.tuple([z.string(), z.array(checkSchema)])),
})
const RECORD_PATH = '/revisions'

/** The scope of pages that depend on more than one dataset. No dataset has this name. */
export const WHOLE_CATALOG = ''
const MAX_SCOPES = 500
/** The least time between renewals that fail. */
const PAUSE_MS = 1000

/** For each scope that was asked for: the last check of its revision, and of the one before. */
const checks = new LruMap<RevisionCheck[]>(MAX_SCOPES)
/** What this isolate knows of the record, and when it last stored one. */
const record = { storedAt: 0, outcome: lastCall().outcome, lacksChecks: false }
let renewalFailedAt = 0

/**
 * The last check of the current revision and of the one before, newest first, as this isolate knows
 * them; without those older than STALE_SECONDS.
 */
export function findChecks(scope: string, { STALE_SECONDS }: Settings): RevisionCheck[] {
  return merge(checksOf(scope), []).filter((check) => isWithin(check, STALE_SECONDS))
}

export function isWithin(
  check: RevisionCheck | undefined,
  seconds: number,
): check is RevisionCheck {
  return check !== undefined && ageMs(check.checkedAt) <= seconds * 1000
}

/** Keeps a check that the database has answered. */
export function keepCheck(scope: string, check: RevisionCheck): void {
  const own = checksOf(scope)
  record.lacksChecks = true
  // Other isolates should learn of a new revision at once.
  if (own[0]?.revision !== check.revision) record.storedAt = 0
  merge(own, [check])
}

/** Takes over newer checks of the data center's other isolates, and their last call. */
export async function adoptRecord(edge: EdgeCache): Promise<void> {
  const stored = await matchRecord(edge)
  // By `peek`, so that only scopes that are asked for count as used.
  for (const [scope, found] of stored?.scopes ?? []) merge(checks.peek(scope) ?? [], found)
}

/**
 * Stores the record for other isolates if it lacks what the last calls have shown: changes at once,
 * and that all is as before every few seconds.
 */
export async function storeRecord(edge: EdgeCache, settings: Settings): Promise<void> {
  const { outcome } = lastCall()
  const hasNews = record.lacksChecks || outcome !== 'answered'
  const isDue = ageMs(record.storedAt) > (settings.REVISION_FRESH_SECONDS * 1000) / 2
  if (outcome === record.outcome && !(hasNews && isDue)) return
  Object.assign(record, { storedAt: Date.now(), outcome, lacksChecks: false })
  const stored = await matchRecord(edge)
  record.outcome = lastCall().outcome
  const scopes = new Map(stored?.scopes)
  for (const [scope, own] of checks.entries()) {
    scopes.set(scope, [...own, ...(scopes.get(scope) ?? [])])
  }
  const newest = [...scopes]
    .map(([scope, all]) => [scope, newestTwo(all)] as const)
    .sort(([, [a]], [, [b]]) => (b?.checkedAt ?? 0) - (a?.checkedAt ?? 0))
    .slice(0, MAX_SCOPES)
  await edge.put(RECORD_PATH, JSON.stringify({ lastCall: lastCall(), scopes: newest }))
}

/**
 * Renews the checks of all scopes in the background: by the record, otherwise by a query that costs
 * the database next to nothing. One renewal runs at a time; it never rejects.
 */
export async function renewChecks(
  edge: EdgeCache,
  settings: Settings,
  scope: string,
): Promise<void> {
  if (ageMs(renewalFailedAt) < PAUSE_MS) return
  await tryAlone(readTimeoutMs(settings), async () => {
    await adoptRecord(edge)
    const [last] = findChecks(scope, settings)
    if (isWithin(last, settings.REVISION_FRESH_SECONDS) && databaseState() === 'up') return
    const checkedAt = Date.now()
    // Least recently used first, so that keeping their checks leaves the order as it is.
    const scopes = checks.entries().map(([name]) => name)
    const names = scopes.filter((name) => name !== WHOLE_CATALOG)
    try {
      const { catalog, datasets } = await observeCall(() => readRevisions(settings, names))
      for (const name of scopes) {
        keepCheck(name, { revision: datasets.get(name) ?? catalog, checkedAt })
      }
    } catch {
      renewalFailedAt = checkedAt
    }
  })
  await storeRecord(edge, settings)
}

function checksOf(scope: string): RevisionCheck[] {
  const own = checks.get(scope) ?? []
  checks.set(scope, own)
  return own
}

function merge(own: RevisionCheck[], found: RevisionCheck[]): RevisionCheck[] {
  own.splice(0, own.length, ...newestTwo([...found, ...own]))
  return own
}

/** The newest check, and the newest one of another revision; none that is dated in the future. */
function newestTwo(all: RevisionCheck[]): RevisionCheck[] {
  const past = all.filter(({ checkedAt }) => Number.isFinite(ageMs(checkedAt)))
  const [current, ...others] = past.sort((a, b) => b.checkedAt - a.checkedAt)
  const previous = others.find(({ revision }) => revision !== current?.revision)
  return [current, previous].filter((check) => check !== undefined)
}

async function matchRecord(edge: EdgeCache): Promise<z.infer<typeof recordSchema> | undefined> {
  const stored = await edge.match(RECORD_PATH)
  const json = await new Response(stored?.body).json().catch(() => undefined)
  const { data } = recordSchema.safeParse(json)
  if (data) {
    record.outcome = data.lastCall.outcome
    adoptLastCall(data.lastCall)
  }
  return data
}
