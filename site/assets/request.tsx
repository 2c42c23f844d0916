/** The API's request behind the listing, to copy. */

import { Copyable } from '../ui/copyable.tsx'
import type { Query } from '../view.ts'
import { curlCommand, requestUrl } from './request-url.ts'

export function Request({ query }: { query: Query }) {
  const url = requestUrl(location.origin, query)
  return (
    <>
      <Copyable label="URL" text={url} />
      <Copyable label="curl" text={curlCommand(url)} />
      <p class="muted">The token is not part of the URL. The command reads it from TOKEN.</p>
    </>
  )
}
