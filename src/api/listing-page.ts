/** The body and the links of a page of a listing. */

import { type ApiError, invalidRequest } from '../errors.ts'
import { type Link, linkHeader, pageLinks, totalPages } from './links.ts'
import type { PageQuery } from './query.ts'
import type { PageMeta } from './resource.ts'

/** A JSON body and its `Link` header. */
export type RenderedPage = { json: unknown; link: string }

/**
 * @param itemLinks links of the `Link` header beside the page's own
 * @throws {ApiError} 422 if the page is past the last one
 */
export function renderPage(
  page: { items: unknown[]; totalItems: number },
  listing: { origin: string; path: string; query: PageQuery; itemLinks?: Link[] },
): RenderedPage {
  const { origin, path, query, itemLinks = [] } = listing
  const { 'page[size]': size, 'page[number]': number } = query
  const { items, totalItems } = page
  const pages = totalPages(totalItems, size)
  if (number > pages) throw pastLastPage(number, pages)
  const links = pageLinks(`${origin}${path}`, query, pages)
  const meta: PageMeta = {
    size: `${size}`,
    total_items: `${totalItems}`,
    total_pages: `${pages}`,
  }
  const { first, prev, next, last } = links
  const relations = Object.entries({ first, prev, next, last })
  return {
    json: { data: items, status: 'success', links, meta },
    link: linkHeader(origin, [...relations.map(([rel, href]) => ({ rel, href })), ...itemLinks]),
  }
}

function pastLastPage(number: bigint, pages: number): ApiError {
  const msg = `Page number ${number} is larger than the total page count: ${pages}`
  return invalidRequest([{ loc: ['query', 'page[number]'], msg, type: 'value_error.page' }])
}

/** 422 for a page over 6 MiB; `fittingSize` is the largest size at which no page of the listing is. */
export function pageTooLarge(size: number, fittingSize: number): ApiError {
  const msg = `A page of ${size} of these assets is larger than 6 MiB; ask for at most ${fittingSize}`
  return invalidRequest([{ loc: ['query', 'page[size]'], msg, type: 'value_error.page_bytes' }])
}
