/** `GET /assets`: a page of the catalogue, from what is stored or from Postgres in one round trip. */

import type { Context } from 'hono'
import { endTime, startTime } from 'hono/timing'
import { type CatalogPage, readPage } from './catalog.ts'
import { cachePrefix, pageKey } from './edge-cache.ts'
import { type ApiError, invalidQuery, isUnavailable } from './errors.ts'
import { findHints, learnTotal } from './listing.ts'
import { oneFlight } from './one-flight.ts'
import { matchPage, putPage, type StoredPage } from './page-store.ts'
import { linkHeader, pageLinks, pageUrl, totalPages } from './page-url.ts'
import { type AssetQuery, parseAssetQuery } from './params.ts'
import type { RequestFacts } from './request-log.ts'
import type { PageMeta } from './resource.ts'
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

type AssetsContext = Context<{ Bindings: Env; Variables: { facts: RequestFacts; url: URL } }>

/** A request for a page: where the listing is, what is asked, and the prefix of its cache keys. */
type PageRequest = { endpoint: string; query: AssetQuery; canonicalUrl: string; prefix: string }

type ReadPage = { page: StoredPage; check: RevisionCheck }

/** What reading a page may take beside its database call: looks into the cache, rendering. */
const BESIDE_DATABASE_MS = 500

const share = oneFlight<ReadPage>()

/**
 * Answers a page. How fresh a stored one is: the vars in wrangler.toml.
 *
 * @throws {ApiError} 422 for a bad query; 503 where the database does not answer and no stored page
 *   may stand in
 */
export async function listAssets(c: AssetsContext): Promise<Response> {
  const request = readRequest(c)
  const { canonicalUrl, endpoint, prefix } = request
  const facts = c.get('facts')
  facts.query = canonicalUrl.slice(endpoint.length)

  startTime(c, 'cache')
  const known = await knownRevision(c.env, prefix)
  const stored =
    known && isServable(c.env, known)
      ? await matchPage(pageKey(prefix, known.revision, canonicalUrl))
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
    const flightKey = `${prefix} ${canonicalUrl}`
    const limitMs = c.env.DATABASE_TIMEOUT_MS + BESIDE_DATABASE_MS
    const { page, check } = await share(flightKey, c.executionCtx, limitMs, () =>
      readThrough(c, request, known),
    )
    return respond(c, page, check, 'fwd=uri-miss; stored')
  } catch (error) {
    if (!isUnavailable(error)) throw error
    // A page that nobody has read since the last change is there as of the revision before.
    for (const check of [known, previousRevision(c.env)]) {
      const stale = check && (await matchPage(pageKey(prefix, check.revision, canonicalUrl)))
      if (stale) return respondStored(c, stale, check)
    }
    throw error
  } finally {
    endTime(c, 'db')
  }
}

function readRequest(c: AssetsContext): PageRequest {
  const url = c.get('url')
  const query = parseAssetQuery(url.searchParams)
  // Not the path of the request, which may be spelled with escapes.
  const endpoint = `${url.origin}/assets`
  return {
    endpoint,
    query,
    canonicalUrl: pageUrl(endpoint, query),
    prefix: cachePrefix(url.origin, c.env.VERSION.id),
  }
}

/** Within the freshness promise, or where the database was just found down. */
function isServable(env: Env, known: RevisionCheck): boolean {
  return ageSeconds(known) <= env.REVISION_MAX_AGE_SECONDS || databaseIsDown()
}

/** Reads a page from Postgres, and keeps all that was learnt from it behind the response. */
async function readThrough(
  c: AssetsContext,
  request: PageRequest,
  known: RevisionCheck | undefined,
): Promise<ReadPage> {
  const { env, executionCtx } = c
  const { canonicalUrl, endpoint, prefix, query } = request
  const hints = known && (await findHints(prefix, known.revision, endpoint, query))
  const checkedAt = Date.now()
  const catalogPage = await readPage(env, query, hints).catch((error) => {
    if (isUnavailable(error)) noteDatabaseFailure()
    throw error
  })
  const { revision, totalItems, call } = catalogPage
  const facts = c.get('facts')
  facts.databaseMs = call.ms
  facts.databaseRetries = call.retries
  const check = { revision, checkedAt }
  executionCtx.waitUntil(learnRevision(env, prefix, check))
  executionCtx.waitUntil(
    learnTotal(prefix, revision, endpoint, query, totalItems, env.STALE_SECONDS),
  )
  const page = await render(endpoint, query, catalogPage)
  const key = pageKey(prefix, revision, canonicalUrl)
  executionCtx.waitUntil(putPage(key, page, env.STALE_SECONDS))
  return { page, check }
}

async function render(
  endpoint: string,
  query: AssetQuery,
  { items, totalItems }: CatalogPage,
): Promise<StoredPage> {
  const { 'page[size]': size, 'page[number]': number } = query
  const pages = totalPages(totalItems, size)
  if (number > pages) throw pastLastPage(number, pages)
  const links = pageLinks(endpoint, query, pages)
  const meta: PageMeta = {
    size: `${size}`,
    total_items: `${totalItems}`,
    total_pages: `${pages}`,
  }
  const json = JSON.stringify({ data: items, status: 'success', links, meta })
  const body = new TextEncoder().encode(json)
  const link = linkHeader(links, new URL('/openapi.json', endpoint).href)
  const [first, last] = [items.at(0), items.at(-1)].map(
    (item) => item && { created_on: item.created_on, asset_id: item.asset_id },
  )
  return { body, notes: { etag: await entityTag(body), link, totalItems, first, last } }
}

function pastLastPage(number: bigint, pages: number): ApiError {
  const msg = `Page number ${number} is larger than the total page count: ${pages}`
  return invalidQuery([{ loc: ['query', 'page[number]'], msg, type: 'value_error.page' }])
}

async function entityTag(body: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', body)
  return `"${new Uint8Array(digest).toBase64({ alphabet: 'base64url', omitPadding: true })}"`
}

function respondStored(c: AssetsContext, page: StoredPage, known: RevisionCheck): Response {
  const ttl = Math.floor(c.env.REVISION_MAX_AGE_SECONDS - ageSeconds(known))
  const stale = ttl < 0 ? '; detail=database-down' : ''
  return respond(c, page, known, `hit; ttl=${ttl}${stale}`)
}

/**
 * @param check when the page was last known to be the current one
 * @param cacheStatus RFC 9211: `ttl` is seconds left of the freshness promise, below 0 if stale
 */
function respond(
  c: AssetsContext,
  { body, notes }: StoredPage,
  check: RevisionCheck,
  cacheStatus: string,
): Response {
  const facts = c.get('facts')
  facts.cache = cacheStatus
  facts.revision = check.revision
  const headers = {
    'Content-Type': 'application/json',
    ETag: notes.etag,
    Link: notes.link,
    Age: `${Math.floor(ageSeconds(check))}`,
    'Cache-Control': `private, max-age=${c.env.REVISION_MAX_AGE_SECONDS}`,
    'Cache-Status': `assets; ${cacheStatus}`,
  }
  if (isCurrent(c.req.header('If-None-Match'), notes.etag)) {
    return new Response(null, { status: 304, headers })
  }
  return new Response(body, { headers })
}

/** RFC 9110, 13.1.2: whether the caller has this body already, by weak comparison. */
function isCurrent(condition: string | undefined, etag: string): boolean {
  if (condition === undefined) return false
  return condition.trim() === '*' || (condition.match(/"[^"]*"/g)?.includes(etag) ?? false)
}
