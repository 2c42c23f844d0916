/**
 * The canonical URL of a page, pure: `links.self`, the other links with another page number, and
 * the page's name in the edge cache. Whatever the spelling and order of a query, its URL is one.
 * And the `Link` header.
 */

import type { PageQuery } from './query.ts'
import type { PageLinks } from './resource.ts'

/**
 * @param endpoint scheme, host and path of the listing
 * @param number the page linked to, 1-based
 * @returns brackets raw, values percent-encoded, parameters in the schema's order
 */
export function pageUrl(
  endpoint: string,
  query: PageQuery,
  number: bigint | number = query['page[number]'],
): string {
  return toUrl(endpoint, { ...query, 'page[number]': number })
}

/** The name that all pages of a listing have in common: its filters. */
export function listingUrl(endpoint: string, query: PageQuery): string {
  return toUrl(endpoint, { ...query, 'page[number]': undefined, 'page[size]': undefined })
}

function toUrl(endpoint: string, parameters: Record<string, unknown>): string {
  let search = ''
  for (const name in parameters) {
    const value = parameters[name]
    if (value !== undefined) search += `&${name}=${encodeURIComponent(`${value}`)}`
  }
  return `${endpoint}?${search.slice(1)}`
}

/** An empty listing has one page, without items. */
export function totalPages(totalItems: number, pageSize: number): number {
  return Math.max(1, Math.ceil(totalItems / pageSize))
}

/** Links of an existing page: its number is at most `pages`. */
export function pageLinks(endpoint: string, query: PageQuery, pages: number): PageLinks {
  const number = Number(query['page[number]'])
  return {
    self: pageUrl(endpoint, query),
    first: pageUrl(endpoint, query, 1),
    last: pageUrl(endpoint, query, pages),
    prev: number > 1 ? pageUrl(endpoint, query, number - 1) : '',
    next: number < pages ? pageUrl(endpoint, query, number + 1) : '',
  }
}

/** A link of RFC 8288; its target may be relative to the URL of the request. */
export type Link = { rel: string; href: string }

/** Of the header's value: proxies refuse headers of more than 4 KiB. */
const MAX_HEADER_LENGTH = 4080
/** Four links of this length, and the description's, are within the header's. */
const MAX_URL_LENGTH = 900

/**
 * The `Link` header of these links, and of the API's description. It is ASCII: URLs are encoded.
 *
 * @param links those to `""`, those to long URLs, and those that no longer fit are left out
 */
export function linkHeader(endpoint: string, links: Link[]): string {
  const href = new URL('/openapi.json', endpoint).href
  const description = toLink({ rel: 'service-desc', href })
  let length = description.length
  const fitting = links
    .filter(({ href }) => href !== '' && href.length <= MAX_URL_LENGTH)
    .map(toLink)
    .filter((link) => {
      length += link.length + ', '.length
      return length <= MAX_HEADER_LENGTH
    })
  return [...fitting, description].join(', ')
}

function toLink({ rel, href }: Link): string {
  return `<${href}>; rel="${rel}"`
}
