/** `GET /assets`: a page of the catalogue, from the edge cache or from Postgres in one round trip. */

import type { Context } from 'hono'
import { endTime, startTime } from 'hono/timing'
import { type CatalogPage, readPage } from './catalog.ts'
import { cachePrefix, matchStored, pageKey, putStored } from './edge-cache.ts'
import { type ApiError, invalidQuery } from './errors.ts'
import { linkHeader, type PageMeta, pageLinks, pageUrl, totalPages } from './page-url.ts'
import { type AssetQuery, parseAssetQuery } from './params.ts'
import {
  ageSeconds,
  checkRevision,
  databaseIsDown,
  knownRevision,
  learnRevision,
  noteDatabaseFailure,
  type RevisionCheck,
} from './revision.ts'

type AssetsContext = Context<{ Bindings: Env }>

/** A page's body, and the headers that are the same for every request. */
type Page<Body> = { body: Body; headers: { 'Content-Type': string; ETag: string; Link: string } }

/**
 * Answers a page. How fresh a stored one is: the vars in wrangler.toml.
 *
 * @throws {ApiError} 422 for a bad query; 503 where the database does not answer and no stored page
 *   may stand in
 */
export async function listAssets(c: AssetsContext): Promise<Response> {
  const url = new URL(c.req.url)
  const query = parseAssetQuery(url.searchParams)
  const endpoint = url.origin + url.pathname
  const canonicalUrl = pageUrl(endpoint, query)
  const prefix = cachePrefix(url.origin, c.env.VERSION.id)

  startTime(c, 'cache')
  const known = await knownRevision(c.env, prefix)
  const key = known && pageKey(prefix, known.revision, canonicalUrl)
  const stored = known && key && isServable(c.env, known) ? await matchStored(key) : undefined
  endTime(c, 'cache')
  if (known && stored) {
    if (ageSeconds(known) > c.env.REVISION_FRESH_SECONDS) {
      c.executionCtx.waitUntil(checkRevision(c.env, prefix))
    }
    return respondStored(c, stored, known)
  }

  startTime(c, 'db')
  const checkedAt = Date.now()
  let catalogPage: CatalogPage
  try {
    catalogPage = await readPage(c.env, query)
  } catch (error) {
    noteDatabaseFailure()
    const stale = key && (await matchStored(key))
    if (stale) return respondStored(c, stale, known)
    throw error
  } finally {
    endTime(c, 'db')
  }
  const { revision } = catalogPage
  c.executionCtx.waitUntil(learnRevision(c.env, prefix, { revision, checkedAt }))

  const page = await render(endpoint, query, catalogPage)
  const newKey = pageKey(prefix, revision, canonicalUrl)
  c.executionCtx.waitUntil(putStored(newKey, page.body, page.headers, c.env.STALE_SECONDS))
  return respond(c, page, 0, 'fwd=uri-miss; stored')
}

/** Within the freshness promise, or where the database was just found down. */
function isServable(env: Env, known: RevisionCheck): boolean {
  return ageSeconds(known) <= env.REVISION_MAX_AGE_SECONDS || databaseIsDown(env)
}

async function render(
  endpoint: string,
  query: AssetQuery,
  { items, totalItems }: CatalogPage,
): Promise<Page<string>> {
  const { 'page[size]': size, 'page[number]': number } = query
  const pages = totalPages(totalItems, size)
  if (number > pages) throw pastLastPage(number, pages)
  const links = pageLinks(endpoint, query, pages)
  const meta: PageMeta = {
    size: `${size}`,
    total_items: `${totalItems}`,
    total_pages: `${pages}`,
  }
  const body = JSON.stringify({ data: items, status: 'success', links, meta })
  const headers = {
    'Content-Type': 'application/json',
    ETag: await entityTag(body),
    Link: linkHeader(links, new URL('/openapi.json', endpoint).href),
  }
  return { body, headers }
}

function pastLastPage(number: bigint, pages: number): ApiError {
  const msg = `Page number ${number} is larger than the total page count: ${pages}`
  return invalidQuery([{ loc: ['query', 'page[number]'], msg, type: 'value_error.page' }])
}

async function entityTag(body: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(body))
  return `"${new Uint8Array(digest).toBase64({ alphabet: 'base64url', omitPadding: true })}"`
}

function respondStored(c: AssetsContext, stored: Response, known: RevisionCheck): Response {
  const age = Math.floor(ageSeconds(known))
  const ttl = c.env.REVISION_MAX_AGE_SECONDS - age
  const headers = {
    'Content-Type': stored.headers.get('Content-Type') ?? '',
    ETag: stored.headers.get('ETag') ?? '',
    Link: stored.headers.get('Link') ?? '',
  }
  const stale = ttl < 0 ? '; detail=database-down' : ''
  return respond(c, { body: stored.body, headers }, age, `hit; ttl=${ttl}${stale}`)
}

/**
 * @param age seconds since the page was last known to be the current one
 * @param cacheStatus RFC 9211: `ttl` is seconds left of the freshness promise, below 0 if stale
 */
function respond(
  c: AssetsContext,
  page: Page<BodyInit | null>,
  age: number,
  cacheStatus: string,
): Response {
  const headers = {
    ...page.headers,
    Age: `${age}`,
    'Cache-Control': `private, max-age=${c.env.REVISION_MAX_AGE_SECONDS}`,
    'Cache-Status': `assets; ${cacheStatus}`,
  }
  if (isCurrent(c.req.header('If-None-Match'), page.headers.ETag)) {
    return new Response(null, { status: 304, headers })
  }
  return new Response(page.body, { headers })
}

/** RFC 9110, 13.1.2: whether the caller has this body already, by weak comparison. */
function isCurrent(condition: string | undefined, etag: string): boolean {
  if (condition === undefined) return false
  return condition.trim() === '*' || (condition.match(/"[^"]*"/g)?.includes(etag) ?? false)
}
