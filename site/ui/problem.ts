/** Turns errors of the client into messages with advice. */

import { CatalogError } from '../../packages/client/src/client.ts'

export type Problem = {
  title: string
  advice: string
  /** The invalid parameters of a 422. */
  faults: string[]
  /** Seconds until an automatic retry. */
  retrySeconds: number | undefined
  /** The same request can succeed later, so what was shown before stays. */
  isTransient: boolean
}

const noProblem = { faults: [], retrySeconds: undefined, isTransient: false }

export function toProblem(error: unknown): Problem {
  if (!(error instanceof CatalogError)) {
    return {
      ...noProblem,
      isTransient: true,
      title: 'No connection to the API',
      advice: 'Check your network connection. This page retries when it is restored.',
    }
  }
  const { status, faults, retryAfterSeconds, requestId, detail } = error
  switch (status) {
    case 404:
      return {
        ...noProblem,
        title: 'Not found',
        advice: `${detail}. Search for it in the listing.`,
      }
    case 422:
      return {
        ...noProblem,
        title: 'Invalid query',
        advice: 'Correct the parameters above, or clear the filters.',
        faults: faults.map(({ loc, msg }) => `${loc.at(-1)}: ${msg}`),
      }
    case 429:
      return {
        ...noProblem,
        title: 'Too many requests',
        advice: 'The limit applies per minute. This page retries automatically.',
        isTransient: true,
        retrySeconds: retryAfterSeconds ?? 60,
      }
    case 503:
      return {
        ...noProblem,
        title: 'The database is unavailable',
        advice: 'Listings opened before may still load. This page retries automatically.',
        isTransient: true,
        retrySeconds: retryAfterSeconds ?? 5,
      }
    default:
      return {
        ...noProblem,
        title: `The API answered ${status}`,
        advice: `Try again. If the error persists, report request ${requestId ?? 'without an id'}.`,
      }
  }
}

/** The reason in a `WWW-Authenticate` challenge (RFC 6750, 3). */
export function rejectedTokenMessage(challenge: string | null): string {
  const [, reason] = /error_description="([^"]*)"/.exec(challenge ?? '') ?? []
  return `The token was rejected${reason ? `: ${reason}` : ''}. Sign in with another token.`
}
