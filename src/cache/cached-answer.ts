/** An answer of the catalogue: from what is stored, or from Postgres in one round trip. */

import type { Context, Input } from 'hono'
import { endTime, startTime } from 'hono/timing'
import { entityTag, respondUnlessCurrent } from '../api/entity-tag.ts'
import { AnswerTooLargeError, type DatabaseCall, FailedCallError } from '../db/neon-call.ts'
import { MAX_PAGE_BYTES } from '../db/page-statement.ts'
import { type ApiError, isUnavailable } from '../errors.ts'
import type { RequestLogFields } from '../log.ts'
import { oneFlight } from '../one-flight.ts'
import { cachePrefix, revisionKey } from './edge-cache.ts'
import {
  ageSeconds,
  checkRevision,
  databaseIsDown,
  knownRevision,
  learnRevision,
  noteDatabaseFailure,
  previousRevision,
  type RevisionCheck,
} from './revision.ts'
import { type ListingNotes, matchAnswer, putAnswer, type StoredAnswer } from './stored-page.ts'

export type CatalogContext<Valid extends Input = Input> = Context<
  { Bindings: Env; Variables: { logFields: RequestLogFields; url: URL } },
  string,
  Valid
>

/** What a database call read: as of which revision, and what it cost. */
export type Reading = { revision: string; call: DatabaseCall }

/** Where an answer comes from. */
export type Source<Read extends Reading> = {
  /** Its name: whatever the spelling of a request, the URL is one. */
  canonicalUrl: string
  /** One round trip. Cache keys begin with `prefix`; `known` is the revision known before. */
  read(prefix: string, known: RevisionCheck | undefined): Promise<Read>
  /** May throw an `ApiError`, which is not stored. */
  render(read: Read): RenderedAnswer
}

/**
 * A JSON body, and the `Link` header that belongs to it. `tooLarge` is thrown if the body turns out
 * larger than a page may be.
 */
export type RenderedAnswer = {
  json: unknown
  link: string
  listing?: ListingNotes
  tooLarge?: ApiError | undefined
}

type CheckedAnswer = { answer: StoredAnswer; check: RevisionCheck }

/** What reading may take beside its database call: looks into the cache, rendering. */
const BESIDE_DATABASE_MS = 500

const share = oneFlight<CheckedAnswer>()

/**
 * Answers with what is stored, or reads it. How fresh a stored one is: the vars in wrangler.toml.
 *
 * @throws {ApiError} 503 where the database does not answer and nothing stored may stand in; and
 *   what `render` throws
 */
export async function answerFrom<Read extends Reading>(
  c: CatalogContext,
  source: Source<Read>,
): Promise<Response> {
  const { canonicalUrl } = source
  const prefix = cachePrefix(c.get('url').origin, c.env.VERSION.id)

  startTime(c, 'cache')
  const known = await knownRevision(c.env, prefix)
  const stored =
    known && isServable(c.env, known)
      ? await matchAnswer(revisionKey(prefix, known.revision, canonicalUrl))
      : undefined
  endTime(c, 'cache')
  if (known && stored) {
    if (ageSeconds(known) > c.env.REVISION_FRESH_SECONDS) {
      c.executionCtx.waitUntil(checkRevision(c.env, prefix))
    }
    return respondStored(c, stored, known)
  }

  startTime(c, 'db')
  try {
    // A var that is not set in wrangler.toml itself is text.
    const limitMs = Number(c.env.DATABASE_TIMEOUT_MS) + BESIDE_DATABASE_MS
    const { answer, check } = await share(
      `${prefix} ${canonicalUrl}`,
      c.executionCtx,
      limitMs,
      () => readThrough(c, source, prefix, known),
    )
    return respond(c, answer, check, 'fwd=uri-miss; stored')
  } catch (error) {
    if (!isUnavailable(error)) throw error
    // What nobody has read since the last change is there as of the revision before.
    for (const check of [known, previousRevision(c.env)]) {
      const stale = check && (await matchAnswer(revisionKey(prefix, check.revision, canonicalUrl)))
      if (stale) return respondStored(c, stale, check)
    }
    throw error
  } finally {
    endTime(c, 'db')
  }
}

/** Within the freshness promise, or where the database was just found down. */
function isServable(env: Env, known: RevisionCheck): boolean {
  return ageSeconds(known) <= env.REVISION_MAX_AGE_SECONDS || databaseIsDown()
}

/** Reads from Postgres, and keeps what was learnt from it behind the response. */
async function readThrough<Read extends Reading>(
  c: CatalogContext,
  { canonicalUrl, read, render }: Source<Read>,
  prefix: string,
  known: RevisionCheck | undefined,
): Promise<CheckedAnswer> {
  const { env, executionCtx } = c
  const checkedAt = Date.now()
  const reading = await read(prefix, known).catch((error) => {
    if (error instanceof FailedCallError && error.isOutage) noteDatabaseFailure()
    if (error instanceof FailedCallError || error instanceof AnswerTooLargeError) {
      noteCall(c, error.call)
    }
    throw error
  })
  const { revision, call } = reading
  noteCall(c, call)
  const check = { revision, checkedAt }
  executionCtx.waitUntil(learnRevision(env, prefix, check))
  const answer = await toStored(render(reading))
  const key = revisionKey(prefix, revision, canonicalUrl)
  executionCtx.waitUntil(putAnswer(key, answer, env.STALE_SECONDS))
  return { answer, check }
}

function noteCall(c: CatalogContext, { ms, retries }: DatabaseCall): void {
  const logFields = c.get('logFields')
  logFields.databaseMs = ms
  logFields.databaseRetries = retries
}

async function toStored(rendered: RenderedAnswer): Promise<StoredAnswer> {
  const { json, link, listing, tooLarge } = rendered
  const body = new TextEncoder().encode(JSON.stringify(json))
  if (tooLarge && body.length > MAX_PAGE_BYTES) throw tooLarge
  return { body, notes: { etag: await entityTag(body), link, listing } }
}

function respondStored(c: CatalogContext, answer: StoredAnswer, known: RevisionCheck): Response {
  const ttl = Math.floor(c.env.REVISION_MAX_AGE_SECONDS - ageSeconds(known))
  const stale = ttl < 0 ? '; detail=database-down' : ''
  return respond(c, answer, known, `hit; ttl=${ttl}${stale}`)
}

/**
 * @param check when the answer was last known to be the current one
 * @param cacheStatus RFC 9211: `ttl` is seconds left of the freshness promise, below 0 if stale
 */
function respond(
  c: CatalogContext,
  { body, notes }: StoredAnswer,
  check: RevisionCheck,
  cacheStatus: string,
): Response {
  const logFields = c.get('logFields')
  logFields.cache = cacheStatus
  logFields.revision = check.revision
  return respondUnlessCurrent(c, body, {
    'Content-Type': 'application/json',
    ETag: notes.etag,
    Link: notes.link,
    Age: `${Math.floor(ageSeconds(check))}`,
    'Cache-Control': `private, max-age=${c.env.REVISION_MAX_AGE_SECONDS}`,
    'Cache-Status': `assets; ${cacheStatus}`,
  })
}
