/** Every error response, in FastAPI's shapes: `{"detail": "…"}`, and for 422 a list of faults. */

import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { Fault } from './api/resource.ts'
import { errorName, log } from './log.ts'

/** An expected failure, which `onError` turns into a response. */
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

/** 400 for a malformed URL. */
export function badRequest(): ApiError {
  return new ApiError(400, 'Bad Request')
}

const CHALLENGE = 'Bearer realm="assets"'

/** 401 for a missing bearer token, with the challenge of RFC 6750, 3. */
export function notAuthenticated(detail = 'Not authenticated'): ApiError {
  return new ApiError(401, detail, { 'WWW-Authenticate': CHALLENGE })
}

/** 401 for a bad token; `detail` becomes the challenge's `error_description` (RFC 6750, 3). */
export function invalidToken(detail: string): ApiError {
  return new ApiError(401, detail, {
    'WWW-Authenticate': `${CHALLENGE}, error="invalid_token", error_description="${detail}"`,
  })
}

/** 403 for plain HTTP, which exposes the token. */
export function httpsRequired(): ApiError {
  return new ApiError(403, 'HTTPS is required')
}

/** 404 for an unknown path or resource. */
export function notFound(detail = 'Not Found'): ApiError {
  return new ApiError(404, detail)
}

/** 404 for a dataset that does not exist, in GFW's words. */
export function datasetNotFound(dataset: string): ApiError {
  return notFound(`Dataset with name ${dataset} does not exist`)
}

/** 404 for a version, or its dataset, that does not exist; in GFW's words unless it is `latest`. */
export function versionNotFound(
  missing: 'dataset' | 'version',
  { dataset, version }: { dataset: string; version: string },
): ApiError {
  if (missing === 'dataset') return datasetNotFound(dataset)
  return notFound(
    version === 'latest'
      ? `Dataset with name ${dataset} has no latest version`
      : `Version with name ${dataset}.${version} does not exist`,
  )
}

/**
 * 409 for a resource that is pending or has failed, or that is one of several.
 *
 * @param link the `Link` header
 */
export function conflict(detail: string, link?: string): ApiError {
  return new ApiError(409, detail, link === undefined ? {} : { Link: link })
}

/** 405 for any method but GET, HEAD and OPTIONS, the CORS preflight. */
export function methodNotAllowed(): ApiError {
  return new ApiError(405, 'Method Not Allowed', { Allow: 'GET, HEAD, OPTIONS' })
}

/** 422 with all faults of the request. */
export function invalidRequest(faults: Fault[]): ApiError {
  return new ApiError(422, faults)
}

/** 429 over the caller's rate. The period of the rate-limiting binding is a minute. */
export function tooManyRequests(): ApiError {
  return new ApiError(429, 'Too Many Requests', { 'Retry-After': '60' })
}

/** 503 if the database or the JWKS host cannot be reached. */
export function serviceUnavailable(): ApiError {
  return new ApiError(503, 'Service Unavailable', { 'Retry-After': '5' })
}

/** 500 for a fault of the server, which only the log explains. */
export function internalServerError(): ApiError {
  return new ApiError(500, 'Internal Server Error')
}

/** True if a stored page may stand in for the response. */
export function isUnavailable(error: unknown): boolean {
  return error instanceof ApiError && error.status === 503
}

/** The response to any error. An error that is not an `ApiError` is a bug: the log names its class. */
export function onError(error: Error, c: Context): Response {
  if (!(error instanceof ApiError)) log('error', 'unexpected error', { error: errorName(error) })
  const { status, detail, headers } = error instanceof ApiError ? error : internalServerError()
  return c.json({ detail }, status, { ...headers, 'Cache-Control': 'no-store' })
}
