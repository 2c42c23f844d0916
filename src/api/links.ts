/**
 * Links between the pages of a listing, and the `Link` header. A query has one canonical spelling,
 * which names the page in the edge cache too.
 */

import type { PageQuery } from './query.ts'
import type { PageLinks } from './resource.ts'

/**
 * A query in its canonical spelling, from its `?` on: parameters in the order of the schema, brackets
 * raw, values percent-encoded. Empty if there are none.
 */
export function canonicalSearch(query: object): string {
  let search = ''
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) search += `&${name}=${encodeURIComponent(`${value}`)}`
  }
  return search.replace('&', '?')
}

/**
 * The canonical query of a page.
 *
 * @param number of another page of the same listing, 1-based
 */
export function pageSearch(
  query: PageQuery,
  number: bigint | number = query['page[number]'],
): string {
  return canonicalSearch({ ...query, 'page[number]': number })
}

/** An empty listing has one page, without items. */
export function totalPages(totalItems: number, pageSize: number): number {
  return Math.max(1, Math.ceil(totalItems / pageSize))
}

/**
 * The links of an existing page.
 *
 * @param listing its URL, without a query
 * @param pages how many pages it has
 */
export function pageLinks(listing: string, query: PageQuery, pages: number): PageLinks {
  const number = Number(query['page[number]'])
  const toPage = (other: number) => `${listing}${pageSearch(query, other)}`
  return {
    self: toPage(number),
    first: toPage(1),
    last: toPage(pages),
    prev: number > 1 ? toPage(number - 1) : '',
    next: number < pages ? toPage(number + 1) : '',
  }
}

/** A link (RFC 8288). Its target may be relative to the URL of the request. */
export type Link = { rel: string; href: string }

/** Proxies refuse headers of more than 4 KiB, name included. */
const MAX_HEADER_LENGTH = 4080
/** Four links of this length and that to the API's description fit into the header. */
const MAX_URL_LENGTH = 900

/**
 * The value of the `Link` header: these links, and one to the API's description. ASCII alone, because
 * URLs are encoded.
 *
 * @param links without a target, with a long one or past the length of the header are left out
 */
export function linkHeader(origin: string, links: Link[]): string {
  const description = toLink({ rel: 'service-desc', href: `${origin}/openapi.json` })
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
