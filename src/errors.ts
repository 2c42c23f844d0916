/** Every error body, in FastAPI's shapes: `{"detail": "…"}`, and for 422 a list of faults. */

import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { Fault } from './api/resource.ts'
import { errorName, log } from './log.ts'

/** An expected failure: thrown where it is found, turned into a response by `onError`. */
export class ApiError extends Error {
  readonly status: ContentfulStatusCode
  readonly detail: string | Fault[]
  readonly headers: Record<string, string>

  constructor(
    status: ContentfulStatusCode,
    detail: string | Fault[],
    headers: Record<string, string> = {},
  ) {
    super(`${status}`)
    this.name = 'ApiError'
    this.status = status
    this.detail = detail
    this.headers = headers
  }
}

/** 400 for a request whose URL is none. */
export function badRequest(): ApiError {
  return new ApiError(400, 'Bad Request')
}

const CHALLENGE = 'Bearer realm="assets"'

/** 401 of a request without a bearer token, with the challenge of RFC 6750, 3. */
export function notAuthenticated(detail = 'Not authenticated'): ApiError {
  return new ApiError(401, detail, { 'WWW-Authenticate': CHALLENGE })
}

/** 401 of a bad token; the challenge repeats why it is refused, in quotes (RFC 6750, 3). */
export function invalidToken(detail: string): ApiError {
  return new ApiError(401, detail, {
    'WWW-Authenticate': `${CHALLENGE}, error="invalid_token", error_description="${detail}"`,
  })
}

/** 403 of plain HTTP, which does not hide the token from others. */
export function httpsRequired(): ApiError {
  return new ApiError(403, 'HTTPS is required')
}

/** 404: the path is no route, or names nothing that is there. */
export function notFound(detail = 'Not Found'): ApiError {
  return new ApiError(404, detail)
}

/** 409: what is asked for is not there yet, or has failed. */
export function conflict(detail: string): ApiError {
  return new ApiError(409, detail)
}

/** 405 of a route that answers GET alone; HEAD is GET without the body, OPTIONS the preflight. */
export function methodNotAllowed(): ApiError {
  return new ApiError(405, 'Method Not Allowed', { Allow: 'GET, HEAD, OPTIONS' })
}

/** 422 with all faults of the request. */
export function invalidRequest(faults: Fault[]): ApiError {
  return new ApiError(422, faults)
}

/** 429: over the caller's rate; a minute is the binding's period. */
export function tooManyRequests(): ApiError {
  return new ApiError(429, 'Too Many Requests', { 'Retry-After': '60' })
}

/** 503: something that the answer needs cannot be reached, and no stored page may stand in. */
export function serviceUnavailable(): ApiError {
  return new ApiError(503, 'Service Unavailable', { 'Retry-After': '5' })
}

/** 500: a fault of the server, which the log explains and the answer does not. */
export function internalServerError(): ApiError {
  return new ApiError(500, 'Internal Server Error')
}

/** Whether a stored page may stand in for the answer. */
export function isUnavailable(error: unknown): boolean {
  return error instanceof ApiError && error.status === 503
}

/** The response to any error. An error that is not an `ApiError` is a bug: the log names its class. */
export function onError(error: Error, c: Context): Response {
  if (!(error instanceof ApiError)) log('error', 'unexpected error', { error: errorName(error) })
  const { status, detail, headers } = error instanceof ApiError ? error : internalServerError()
  return c.json({ detail }, status, { ...headers, 'Cache-Control': 'no-store' })
}
