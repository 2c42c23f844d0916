/** Turns errors of the client into messages with advice. */

import { CatalogError } from '../../packages/client/src/client.ts'

export type Problem = {
  title: string
  advice: string
  /** The invalid parameters of a 422. */
  faults: string[]
  /** The same request can succeed when the reader tries again. */
  canRetry: boolean
  /** Seconds until an automatic retry. */
  retrySeconds: number | undefined
  /** The fault is not in the request, so what was shown before stays. */
  isTransient: boolean
}

/** Seconds between automatic retries if the API cannot be reached and does not say when to retry. */
const RETRY_SECONDS = 15

const lasting = { faults: [], canRetry: false, retrySeconds: undefined, isTransient: false }
const transient = { ...lasting, canRetry: true, isTransient: true }

export function toProblem(error: unknown): Problem {
  if (!(error instanceof CatalogError)) return unreachable()
  const { status, faults, retryAfterSeconds, requestId, detail } = error
  switch (status) {
    case 404:
      return { ...lasting, title: 'Not found', advice: sentence(detail) }
    case 422:
      return {
        ...lasting,
        title: 'Invalid query',
        advice: 'Correct what is named here, or start again without filters.',
        faults: faults.map(({ loc, msg }) => `${loc.at(-1)}: ${msg}`),
      }
    case 429:
      return {
        ...transient,
        title: 'Too many requests',
        advice: 'The API allows a number of requests each minute. This page goes on by itself.',
        retrySeconds: retryAfterSeconds ?? 60,
      }
    case 503:
      return {
        ...transient,
        title: 'The database is unavailable',
        advice: 'Pages opened before may still load. This page tries again by itself.',
        retrySeconds: retryAfterSeconds ?? 5,
      }
    default:
      return {
        ...lasting,
        canRetry: true,
        title: `The API answered ${status}`,
        advice: `Try again. If it happens again, report request ${requestId ?? 'without an id'}.`,
      }
  }
}

function unreachable(): Problem {
  // Node has no `onLine`.
  if (globalThis.navigator?.onLine === false) {
    return {
      ...transient,
      title: 'You are offline',
      advice: 'This page loads the rest when you are connected again.',
    }
  }
  return {
    ...transient,
    title: 'No connection to the API',
    advice: 'The network or the API is down. This page tries again by itself.',
    retrySeconds: RETRY_SECONDS,
  }
}

function sentence(detail: string): string {
  return /[.!?]$/.test(detail) ? detail : `${detail}.`
}

/** The reason in a `WWW-Authenticate` challenge (RFC 6750, 3). */
export function rejectedTokenMessage(challenge: string | null): string {
  const [, reason] = /error_description="([^"]*)"/.exec(challenge ?? '') ?? []
  return `${reason ?? 'The token was rejected'}. Sign in with another token.`
}
