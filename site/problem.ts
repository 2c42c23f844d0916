/** What went wrong, and what whoever looks at the page can do about it. */

import { CatalogueError } from '../packages/client/src/client.ts'

export type Problem = {
  title: string
  /** What to do. */
  advice: string
  /** Of a 422: each fault of the query. */
  faults: string[]
  /** When to ask again, where that helps. */
  retrySeconds: number | undefined
}

const noProblem = { faults: [], retrySeconds: undefined }

/** What an error of the API's client means. */
export function toProblem(error: unknown): Problem {
  if (!(error instanceof CatalogueError)) {
    return {
      ...noProblem,
      title: 'No connection to the API',
      advice: 'Check the network. It is asked again when the network is back.',
    }
  }
  const { status, faults, retryAfterSeconds, requestId, detail } = error
  switch (status) {
    case 404:
      return { ...noProblem, title: 'Not found', advice: `${detail}. Look for it in the list.` }
    case 422:
      return {
        ...noProblem,
        title: 'The API does not understand this query',
        advice: 'Change what is named here, or clear the filters.',
        faults: faults.map(({ loc, msg }) => `${loc.at(-1)}: ${msg}`),
      }
    case 429:
      return {
        ...noProblem,
        title: 'Too many requests',
        advice: 'The limit is a minute’s. It is asked again by itself.',
        retrySeconds: retryAfterSeconds ?? 60,
      }
    case 503:
      return {
        ...noProblem,
        title: 'The database does not answer',
        advice: 'Pages that were read before are still there. It is asked again by itself.',
        retrySeconds: retryAfterSeconds ?? 5,
      }
    default:
      return {
        ...noProblem,
        title: `The API answered ${status}`,
        advice: `Try again; if it stays, report request ${requestId ?? 'without an id'}.`,
      }
  }
}

/** Why the API refused the token, from its challenge (RFC 6750). */
export function refusalMessage(challenge: string | null): string {
  const [, reason] = /error_description="([^"]*)"/.exec(challenge ?? '') ?? []
  return `The token was refused${reason ? `: ${reason}` : ''}. Sign in with another one.`
}
