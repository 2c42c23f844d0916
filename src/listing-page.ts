/** A page of a listing as it goes out: items, links and counts. */

import type { RenderedAnswer } from './answer.ts'
import { type ApiError, invalidRequest } from './errors.ts'
import { type Link, linkHeader, pageLinks, totalPages } from './page-url.ts'
import type { PageQuery } from './params.ts'
import type { PageMeta } from './resource.ts'

/**
 * @param itemLinks what the `Link` header says beside the page's own links
 * @throws {ApiError} 422 past the last page
 */
export function renderPage(
  endpoint: string,
  query: PageQuery,
  { items, totalItems }: { items: unknown[]; totalItems: number },
  itemLinks: Link[] = [],
): RenderedAnswer {
  const { 'page[size]': size, 'page[number]': number } = query
  const pages = totalPages(totalItems, size)
  if (number > pages) throw pastLastPage(number, pages)
  const links = pageLinks(endpoint, query, pages)
  const meta: PageMeta = {
    size: `${size}`,
    total_items: `${totalItems}`,
    total_pages: `${pages}`,
  }
  const { first, prev, next, last } = links
  const relations = Object.entries({ first, prev, next, last })
  return {
    json: { data: items, status: 'success', links, meta },
    link: linkHeader(endpoint, [...relations.map(([rel, href]) => ({ rel, href })), ...itemLinks]),
  }
}

function pastLastPage(number: bigint, pages: number): ApiError {
  const msg = `Page number ${number} is larger than the total page count: ${pages}`
  return invalidRequest([{ loc: ['query', 'page[number]'], msg, type: 'value_error.page' }])
}
