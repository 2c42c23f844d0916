/** A page of a listing as it goes out: items, links and counts. */

import { type ApiError, invalidRequest } from '../errors.ts'
import { type Link, linkHeader, pageLinks, totalPages } from './links.ts'
import type { PageQuery } from './query.ts'
import type { PageMeta } from './resource.ts'

/**
 * A JSON body, and the `Link` header that belongs to it. `tooLarge` is to be thrown if the body turns
 * out larger than a page may be.
 */
export type RenderedPage = { json: unknown; link: string; tooLarge?: ApiError | undefined }

/**
 * @param itemLinks links of the `Link` header beside the page's own
 * @throws {ApiError} 422 past the last page, and for one that is known to be too large
 */
export function renderPage(
  page: { items: unknown[]; totalItems: number; fittingSize?: number | undefined },
  { endpoint, query, itemLinks = [] }: { endpoint: string; query: PageQuery; itemLinks?: Link[] },
): RenderedPage {
  const { 'page[size]': size, 'page[number]': number } = query
  const { items, totalItems, fittingSize } = page
  const pages = totalPages(totalItems, size)
  if (number > pages) throw pastLastPage(number, pages)
  const tooLarge = fittingSize === undefined ? undefined : pageTooLarge(size, fittingSize)
  if (tooLarge && items.length === 0) throw tooLarge
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
    tooLarge,
  }
}

function pastLastPage(number: bigint, pages: number): ApiError {
  const msg = `Page number ${number} is larger than the total page count: ${pages}`
  return invalidRequest([{ loc: ['query', 'page[number]'], msg, type: 'value_error.page' }])
}

function pageTooLarge(size: number, fittingSize: number): ApiError {
  const msg = `A page of ${size} of these assets is larger than 6 MiB; ask for at most ${fittingSize}`
  return invalidRequest([{ loc: ['query', 'page[size]'], msg, type: 'value_error.page_bytes' }])
}
