/** The API's request for a listing. */

import { type Query, viewUrl } from '../view.ts'

export function requestUrl(origin: string, query: Query): string {
  const search = viewUrl({ page: 'assets', query }).replace(/^\/\?view=assets&?/, '')
  return `${origin}/assets${search && `?${search}`}`
}

/** @param url with its quotes encoded, as `requestUrl` makes it */
export function curlCommand(url: string): string {
  // `-g`, because curl reads brackets as ranges.
  return `curl -gs -H "Authorization: Bearer $TOKEN" '${url}'`
}
