/**
 * Reading ahead: who asks for the page after one that was answered lately is likely to ask for those
 * after it too, so one database call reads them all.
 */

import { pageSearch } from '../api/links.ts'
import type { PageQuery } from '../api/query.ts'
import { LruMap } from '../lru-map.ts'

const MAX_PAGES = 8
const MAX_ITEMS = 1000

/** The URLs of the pages that this isolate has answered lately, and whose next page it has not. */
const answered = new LruMap<true>(100)

/**
 * Answers a request for a page.
 *
 * @param listing its URL, without a query
 * @param answer is told how many pages to read if the page is not stored: more than one if the
 *   request follows the one for the page before
 */
export async function readAhead<Answer>(
  listing: string,
  query: PageQuery,
  answer: (pages: number) => Promise<Answer>,
): Promise<Answer> {
  const { 'page[number]': number, 'page[size]': size } = query
  // Not while the page before is being answered: pages that are asked for at once need no other.
  const isNext = answered.delete(`${listing}${pageSearch(query, number - 1n)}`)
  const response = await answer(isNext ? Math.min(MAX_PAGES, Math.floor(MAX_ITEMS / size)) : 1)
  answered.set(`${listing}${pageSearch(query)}`, true)
  return response
}
