/** Answers from a stored page, or from Postgres in one round trip. */

import type { Context, Input } from 'hono'
import { endTime, startTime } from 'hono/timing'
import { entityTag, respondUnlessCurrent } from '../api/entity-tag.ts'
import type { RenderedPage } from '../api/listing-page.ts'
import { type DatabaseCall, FailedCallError } from '../db/neon-call.ts'
import { MAX_PAGE_BYTES } from '../db/page-statement.ts'
import { isUnavailable } from '../errors.ts'
import type { RequestLogFields } from '../log.ts'
import { oneFlight } from '../one-flight.ts'
import { readSettings, type Settings } from '../settings.ts'
import { EdgeCache, pathAtRevision } from './edge-cache.ts'
import {
  ageSeconds,
  findLastCheck,
  findPreviousCheck,
  isOutage,
  type RevisionCheck,
  recordCheck,
  recordOutage,
  renewCheck,
} from './revision.ts'
import { type KeysetBounds, matchPage, putPage, type StoredPage } from './stored-page.ts'

export type CatalogContext<Valid extends Input = Input> = Context<
  { Bindings: Env; Variables: { logFields: RequestLogFields; url: URL } },
  string,
  Valid
>

/** How to make one kind of answer. */
export type Source<Read extends DatabaseRead> = {
  /** Path and query in their one canonical spelling. */
  canonicalPath: string
  /** Makes one round trip. */
  read(context: ReadContext): Promise<Read>
  /** May throw an `ApiError`, which is not stored. */
  render(read: Read): RenderedAnswer
}

/** The revision that a database call has read, and the cost of the call. */
export type DatabaseRead = { revision: string; call: DatabaseCall }

/** Bound once for each request that reads the database. */
export type ReadContext = {
  edge: EdgeCache
  settings: Settings
  /** The revision of the last check, if there was one. */
  lastRevision: string | undefined
  executionCtx: Pick<ExecutionContext, 'waitUntil'>
}

export type RenderedAnswer = RenderedPage & { keyset?: KeysetBounds }

/** A page, and when its revision was last known to be current. */
type CheckedPage = { page: StoredPage; check: RevisionCheck }

/** The time that reading may take beside its database call: looks into the cache, rendering. */
const BESIDE_DATABASE_MS = 500

const share = oneFlight<CheckedPage>()

/**
 * Answers from the stored page if its revision was checked within REVISION_MAX_AGE_SECONDS, or from
 * the database, or, if that cannot be reached, from a page that is at most STALE_SECONDS old.
 *
 * @throws {ApiError} 503 if there is no such page either; and as `source.render`
 */
export async function answerFrom<Read extends DatabaseRead>(
  c: CatalogContext,
  source: Source<Read>,
): Promise<Response> {
  const { canonicalPath } = source
  const { env, executionCtx } = c
  const settings = readSettings(env)
  const codeVersion = settings.CODE_VERSION ?? env.VERSION.id
  const edge = new EdgeCache(c.get('url').origin, codeVersion, settings.STALE_SECONDS)

  startTime(c, 'cache')
  const check = await findLastCheck(edge, settings)
  const isServable = check && (ageSeconds(check) <= settings.REVISION_MAX_AGE_SECONDS || isOutage())
  const stored = isServable ? await findPage(edge, check, canonicalPath) : undefined
  endTime(c, 'cache')
  if (stored) {
    if (ageSeconds(stored.check) > settings.REVISION_FRESH_SECONDS) {
      executionCtx.waitUntil(renewCheck(edge, settings))
    }
    return respondStored(c, stored)
  }

  startTime(c, 'db')
  const context = { edge, settings, lastRevision: check?.revision, executionCtx }
  try {
    const fetched = await share(edge.keyOf(canonicalPath), () => readThrough(c, source, context), {
      context: executionCtx,
      timeoutMs: settings.DATABASE_TIMEOUT_MS + BESIDE_DATABASE_MS,
    })
    return respond(c, fetched, 'fwd=uri-miss; stored')
  } catch (error) {
    if (!isUnavailable(error)) throw error
    // Pages not read since the last change are still stored at the previous revision.
    const stale =
      (await findPage(edge, check, canonicalPath)) ??
      (await findPage(edge, findPreviousCheck(settings), canonicalPath))
    if (!stale) throw error
    return respondStored(c, stale)
  } finally {
    endTime(c, 'db')
  }
}

async function findPage(
  edge: EdgeCache,
  check: RevisionCheck | undefined,
  canonicalPath: string,
): Promise<CheckedPage | undefined> {
  const page = check && (await matchPage(edge, pathAtRevision(check.revision, canonicalPath)))
  return page && { page, check }
}

/** Reads from Postgres; stores the page and the revision check in the background. */
async function readThrough<Read extends DatabaseRead>(
  c: CatalogContext,
  { canonicalPath, read, render }: Source<Read>,
  context: ReadContext,
): Promise<CheckedPage> {
  const { edge, settings, executionCtx } = context
  const checkedAt = Date.now()
  const result = await read(context).catch((error) => {
    if (error instanceof FailedCallError) {
      logCall(c, error.call)
      if (error.isOutage) recordOutage()
    }
    throw error
  })
  logCall(c, result.call)
  const check = { revision: result.revision, checkedAt }
  executionCtx.waitUntil(recordCheck(edge, settings, check))
  const page = await toStoredPage(render(result))
  executionCtx.waitUntil(putPage(edge, pathAtRevision(check.revision, canonicalPath), page))
  return { page, check }
}

async function toStoredPage(rendered: RenderedAnswer): Promise<StoredPage> {
  const { json, link, keyset, tooLarge } = rendered
  const body = new TextEncoder().encode(JSON.stringify(json))
  if (tooLarge && body.length > MAX_PAGE_BYTES) throw tooLarge
  return { body, headers: { etag: await entityTag(body), link, keyset } }
}

function logCall(c: CatalogContext, { ms, retries }: DatabaseCall): void {
  const logFields = c.get('logFields')
  logFields.databaseMs = ms
  logFields.databaseRetries = retries
}

/** `ttl` is negative for a stale page (RFC 9211, 2.2): the seconds past the promised freshness. */
function respondStored(c: CatalogContext, stored: CheckedPage): Response {
  const settings = readSettings(c.env)
  const ttl = Math.floor(settings.REVISION_MAX_AGE_SECONDS - ageSeconds(stored.check))
  const stale = ttl < 0 ? '; detail=database-down' : ''
  return respond(c, stored, `hit; ttl=${ttl}${stale}`)
}

/** @param cacheStatus the parameters of `Cache-Status` (RFC 9211) */
function respond(c: CatalogContext, { page, check }: CheckedPage, cacheStatus: string): Response {
  const { etag, link } = page.headers
  const logFields = c.get('logFields')
  logFields.cache = cacheStatus
  logFields.revision = check.revision
  return respondUnlessCurrent(c, page.body, {
    'Content-Type': 'application/json',
    ETag: etag,
    Link: link,
    Age: `${Math.floor(ageSeconds(check))}`,
    'Cache-Control': `private, max-age=${readSettings(c.env).REVISION_MAX_AGE_SECONDS}`,
    'Cache-Status': `assets; ${cacheStatus}`,
  })
}
