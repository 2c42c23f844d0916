/** Answers from a stored page, or from Postgres in one round trip. */

import type { Context, Input } from 'hono'
import { endTime, startTime } from 'hono/timing'
import { entityTag, respondUnlessCurrent } from '../api/entity-tag.ts'
import type { RenderedPage } from '../api/listing-page.ts'
import { ageMs } from '../clock.ts'
import { type DatabaseCall, FailedCallError, readTimeoutMs } from '../db/neon-call.ts'
import { MAX_PAGE_BYTES } from '../db/page-bytes.ts'
import { type ApiError, isUnavailable, serviceUnavailable } from '../errors.ts'
import type { RequestLogFields } from '../log.ts'
import { oneFlight } from '../one-flight.ts'
import { readSettings, type Settings } from '../settings.ts'
import { EdgeCache } from './edge-cache.ts'
import { databaseState, observeCall, tryAlone } from './outage.ts'
import { isWithin, keepCheck, renewChecks, storeRecord, WHOLE_CATALOG } from './revision-checks.ts'
import {
  type CheckedPage,
  type FoundPage,
  findInMemory,
  findPage,
  putPage,
  type StoredPage,
} from './stored-page.ts'

export type CatalogContext<Valid extends Input = Input> = Context<
  { Bindings: Env; Variables: { logFields: RequestLogFields; url: URL } },
  string,
  Valid
>

/** How to make one kind of answer. */
export type Source<Read extends DatabaseRead> = {
  /** Path and query in their one canonical spelling. */
  canonicalPath: string
  /** The dataset, if the answer depends on no other. */
  scope?: string | undefined
  /** Makes one round trip. */
  read(settings: Settings): Promise<Read>
  /** May throw an `ApiError`, which is not stored. */
  render(read: Read): RenderedAnswer
  /** Makes the error for a body over 6 MiB, or rows over the 10 MiB that Neon sends. */
  tooLarge?(settings: Settings): Promise<ApiError>
}

/** The revision of the scope, from the same snapshot as the answer, and the cost of the call. */
export type DatabaseRead = { revision: string; call: DatabaseCall }

/** `following` are pages of the same call, which are stored in the background. */
export type RenderedAnswer = RenderedPage & {
  following?: { canonicalPath: string; render(): RenderedPage }[]
}

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
  const { canonicalPath, scope = WHOLE_CATALOG } = source
  const { env, executionCtx } = c
  const settings = readSettings(env)
  const edge = new EdgeCache({
    origin: c.get('url').origin,
    codeVersion: settings.CODE_VERSION ?? env.VERSION.id,
    keepSeconds: settings.STALE_SECONDS,
  })

  startTime(c, 'cache')
  const found = await findPage(edge, settings, { canonicalPath, scope })
  endTime(c, 'cache')
  if (found && (found.isCurrent || databaseState() === 'down')) {
    if (!isWithin(found.check, settings.REVISION_FRESH_SECONDS)) {
      executionCtx.waitUntil(renewChecks(edge, settings, scope))
    }
    return respondStored(c, found)
  }

  startTime(c, 'db')
  const timeoutMs = readTimeoutMs(settings)
  const read = () =>
    share(edge.urlOf(canonicalPath), () => readThrough(c, source, edge), {
      context: executionCtx,
      timeoutMs,
    })
  try {
    const reading = databaseState() === 'up' ? read() : tryAlone(timeoutMs, read)
    if (!reading) throw serviceUnavailable()
    return respond(c, await reading, 'fwd=uri-miss; stored')
  } catch (error) {
    if (!isUnavailable(error)) throw error
    // Another request may have stored the page during the call.
    const stored = found ?? findInMemory(edge, settings, { canonicalPath, scope })
    if (!stored) throw error
    return respondStored(c, stored)
  } finally {
    endTime(c, 'db')
  }
}

/** Reads from Postgres; stores the pages and the revision check in the background. */
async function readThrough<Read extends DatabaseRead>(
  c: CatalogContext,
  source: Source<Read>,
  edge: EdgeCache,
): Promise<CheckedPage> {
  const { env, executionCtx } = c
  const settings = readSettings(env)
  const checkedAt = Date.now()
  try {
    const result = await observeCall(() => source.read(settings))
    logCall(c, result.call)
    const check = { revision: result.revision, checkedAt }
    keepCheck(source.scope ?? WHOLE_CATALOG, check)
    const { following, ...rendered } = source.render(result)
    const page = await toStoredPage(rendered, check.revision)
    if (page.body.length > MAX_PAGE_BYTES && source.tooLarge) throw await source.tooLarge(settings)
    executionCtx.waitUntil(putPage(edge, source.canonicalPath, page))
    if (following) executionCtx.waitUntil(storeFollowing(edge, following, check.revision))
    return { page, check }
  } catch (error) {
    if (!(error instanceof FailedCallError)) throw error
    logCall(c, error.call)
    throw error.isTooLarge && source.tooLarge ? await source.tooLarge(settings) : error
  } finally {
    executionCtx.waitUntil(storeRecord(edge, settings))
  }
}

async function storeFollowing(
  edge: EdgeCache,
  following: NonNullable<RenderedAnswer['following']>,
  revision: string,
): Promise<void> {
  // Rendering must not delay the response.
  await scheduler.wait(0)
  await Promise.all(
    following.map(async ({ canonicalPath, render }) =>
      putPage(edge, canonicalPath, await toStoredPage(render(), revision)),
    ),
  )
}

async function toStoredPage({ json, link }: RenderedPage, revision: string): Promise<StoredPage> {
  const body = new TextEncoder().encode(JSON.stringify(json))
  return { body, etag: await entityTag(body), link, revision }
}

function logCall(c: CatalogContext, { ms, retries }: DatabaseCall): void {
  const logFields = c.get('logFields')
  logFields.databaseMs = ms
  logFields.databaseRetries = retries
}

/** `ttl` is negative for a stale page (RFC 9211, 2.2): the seconds past the promised freshness. */
function respondStored(c: CatalogContext, found: FoundPage): Response {
  const { REVISION_MAX_AGE_SECONDS: maxAge } = readSettings(c.env)
  const ttl = Math.floor(maxAge - ageMs(found.check.checkedAt) / 1000)
  return respond(c, found, `hit; ttl=${ttl}; detail=${ttl < 0 ? 'database-down' : found.tier}`)
}

/** @param cacheStatus the parameters of `Cache-Status` (RFC 9211) */
function respond(c: CatalogContext, { page, check }: CheckedPage, cacheStatus: string): Response {
  const { body, etag, link, revision } = page
  const logFields = c.get('logFields')
  logFields.cache = cacheStatus
  logFields.revision = revision
  return respondUnlessCurrent(c, body, {
    'Content-Type': 'application/json',
    ETag: etag,
    Link: link,
    Age: `${Math.floor(ageMs(check.checkedAt) / 1000)}`,
    'Cache-Control': `private, max-age=${readSettings(c.env).REVISION_MAX_AGE_SECONDS}`,
    'Cache-Status': `assets; ${cacheStatus}`,
  })
}
