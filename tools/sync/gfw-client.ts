/**
 * Requests pages of lists from GFW or another deployment of this API. Retries transient failures
 * (429, 502, 503, 504, broken connections, timeouts) and classifies permanent ones.
 */

import { setTimeout } from 'node:timers/promises'
import { CommandError, errorMessage } from '../command-line.ts'
import { MAX_BODY_BYTES, readBody } from './gfw-body.ts'

export type Filters = Readonly<Record<string, string>>

export type PageAnswer =
  /** `total` is missing if the source sends no `meta`. */
  | { kind: 'page'; rows: unknown[]; total?: number }
  /** The source cannot serialize an asset on the page. */
  | { kind: 'malformed'; reason: string }
  /** The page is past the last one; `pages` is their number, if the source sends it. */
  | { kind: 'past'; pages?: number }
  /** The source rejects the parameters. */
  | { kind: 'refused'; reason: string }
  /** The page exceeds a time or size limit of the source or of this client. */
  | { kind: 'too-large'; reason: string }

export type ReadList = (path: '/assets' | '/datasets', query: Filters) => Promise<PageAnswer>

export interface GfwClientOptions {
  /** The source's URL without `/assets`. */
  from: string
  token?: string | undefined
  timeoutMs?: number
  tries?: number
  /** Limit of a response after decompression; 64 MiB by default. */
  maxBodyBytes?: number
  /** Delay before the first retry; it doubles up to a minute. */
  backoffMs?: number
  /** Waits before a retry; a timer by default. */
  sleep?: (ms: number) => Promise<unknown>
}

/**
 * The source sent something that no catalog would. Stored pages are discarded, since they would
 * cause the same error again.
 */
export class SourceError extends CommandError {}

const MAX_BACKOFF_MS = 60_000
const MAX_RETRY_AFTER_MS = 600_000

/** GFW answers a malformed asset with 500 every time. */
const TRIES_OF_500 = 2

const MAX_REASON_LENGTH = 500

/** `readList` throws a CommandError if the source is unreachable or refuses the token. */
export function createGfwClient(options: GfwClientOptions): ReadList {
  const { tries = 6, backoffMs = 1000, token = '', sleep = setTimeout } = options
  // The error of fetch would contain the token.
  if (!/^[\x21-\x7e]*$/.test(token)) throw new CommandError('the token is not one line of ASCII')
  return async function readList(path, query) {
    const url = new URL(`${options.from.replace(/\/+$/, '')}${path}`)
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
    for (let attempt = 1; ; attempt++) {
      const outcome = await request(url.href, options)
      if ('answer' in outcome) return outcome.answer
      const { failure, last, retryAfterMs } = outcome
      const isLast = attempt >= (last?.kind === 'malformed' ? Math.min(tries, TRIES_OF_500) : tries)
      if (isLast && last) return last
      if (isLast) throw new CommandError(`${options.from} failed ${attempt} times: ${failure}`)
      const backoff = Math.min(backoffMs * 2 ** (attempt - 1), MAX_BACKOFF_MS)
      await sleep(retryAfterMs ?? backoff * (0.5 + Math.random() / 2))
    }
  }
}

type Outcome =
  | { answer: PageAnswer }
  /** To be retried; `last` is the answer if the last retry fails too. */
  | { failure: string; last?: PageAnswer; retryAfterMs?: number | undefined }

async function request(url: string, options: GfwClientOptions): Promise<Outcome> {
  const { token, timeoutMs = 90_000, maxBodyBytes = MAX_BODY_BYTES } = options
  const signal = AbortSignal.timeout(timeoutMs)
  const headers = { Accept: 'application/json', ...(token && { Authorization: `Bearer ${token}` }) }
  try {
    // Redirects are not followed, since the token is for this host only.
    const response = await fetch(url, { headers, signal, redirect: 'manual' })
    const body = await readBody(response, maxBodyBytes)
    if ('tooLarge' in body) return { answer: { kind: 'too-large', reason: body.tooLarge } }
    // Bodies are stored and reported, so a token that the source repeats is removed.
    return readResponse(response, token ? body.text.replaceAll(token, '[token]') : body.text)
  } catch (error) {
    if (error instanceof CommandError) throw error
    if (!signal.aborted) return { failure: errorMessage(error) }
    const failure = `no complete response within ${timeoutMs} ms`
    return { failure, last: { kind: 'too-large', reason: failure } }
  }
}

function readResponse({ status, headers }: Response, text: string): Outcome {
  const body = parseObject(text)
  const { reason, type } = errorOf(body, status)
  if (status === 200 && Array.isArray(body?.data)) {
    const total = totalItems(body.meta)
    return { answer: { kind: 'page', rows: body.data, ...(total !== undefined && { total }) } }
  }
  if (status === 200) return { failure: 'the response is not a page of assets' }
  if (status === 401 || status === 403) {
    throw new CommandError(`the source refuses the token: HTTP ${status}`)
  }
  if (status >= 300 && status < 400) {
    const location = headers.get('Location') ?? ''
    const target = URL.canParse(location) ? ` to ${new URL(location).origin}` : ''
    throw new CommandError(`the source redirects${target}: HTTP ${status}; use its final URL`)
  }
  const past = /larger than the total page count:? ?(\d{1,15})?/.exec(reason)
  if (past) return { answer: { kind: 'past', ...(past[1] && { pages: Number(past[1]) }) } }
  if (type === 'value_error.page_bytes') return { answer: { kind: 'too-large', reason } }
  if (status === 422 && typeof body?.detail !== 'object') {
    return { answer: { kind: 'malformed', reason } }
  }
  if (status === 500) return { failure: reason, last: { kind: 'malformed', reason } }
  if (status === 504) return { failure: reason, last: { kind: 'too-large', reason } }
  if (status === 429 || status === 502 || status === 503) {
    return { failure: `HTTP ${status}`, retryAfterMs: retryAfter(headers.get('Retry-After')) }
  }
  return { answer: { kind: 'refused', reason } }
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const body: unknown = JSON.parse(text)
    return typeof body === 'object' && body !== null ? { ...body } : undefined
  } catch {
    return undefined
  }
}

/** Reads an error body: GFW's `message`, or FastAPI's `detail`, a string or a list. */
function errorOf(
  body: Record<string, unknown> | undefined,
  status: number,
): { reason: string; type: unknown } {
  const detail = body?.message ?? body?.detail
  const faults = Array.isArray(detail) ? detail.map((fault) => Object(fault)) : []
  const text = Array.isArray(detail)
    ? faults.map(({ loc, msg }) => `${Array.isArray(loc) ? loc.at(-1) : ''}: ${msg}`).join('; ')
    : detail
  // Control characters could manipulate the terminal.
  const plain = typeof text === 'string' ? text.replace(/\p{C}|\p{Zl}|\p{Zp}/gu, ' ') : ''
  return { reason: plain.slice(0, MAX_REASON_LENGTH) || `HTTP ${status}`, type: faults[0]?.type }
}

/** A number in GFW's responses, a string in its documentation and in this API. */
function totalItems(meta: unknown): number | undefined {
  const total = meta instanceof Object && 'total_items' in meta ? meta.total_items : undefined
  if (total === undefined || total === null) return undefined
  if (/^\d+$/.test(String(total))) return Number(total)
  throw new SourceError(
    `the source sends an invalid total_items: ${JSON.stringify(total).slice(0, 40)}`,
  )
}

/** RFC 9110, 10.2.3: seconds or a date. */
function retryAfter(header: string | null): number | undefined {
  if (header === null) return undefined
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now()
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), MAX_RETRY_AFTER_MS)
}
