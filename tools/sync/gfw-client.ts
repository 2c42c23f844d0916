/**
 * Lists of GFW or another deployment of this API, one page a call. What passes (429, 502, 503,
 * 504, cut connections, timeouts) is tried again; what doesn't is told apart by its kind.
 */

import { setTimeout } from 'node:timers/promises'
import { CommandError, errorMessage } from '../command-line.ts'
import { LARGEST_BODY_BYTES, readBody } from './gfw-body.ts'

export type Filters = Readonly<Record<string, string>>

export type PageAnswer =
  /** `total` is missing if the source gives no paging meta. */
  | { kind: 'page'; rows: unknown[]; total?: number }
  /** The source cannot serialize an asset of the page. */
  | { kind: 'malformed'; reason: string }
  /** The page is past the last one; `pages` if the source says how many there are. */
  | { kind: 'past'; pages?: number }
  /** The source does not take these parameters. */
  | { kind: 'refused'; reason: string }
  /** The page takes longer, or is larger, than the source or this client allows. */
  | { kind: 'too-large'; reason: string }

/** Reads a list with these query parameters. */
export type ReadList = (path: '/assets' | '/datasets', query: Filters) => Promise<PageAnswer>

export interface GfwClientOptions {
  /** The source's URL without `/assets`. */
  from: string
  token?: string | undefined
  timeoutMs?: number
  tries?: number
  /** Of one answer, after decompression; 64 MiB by default. */
  mostBodyBytes?: number
  /** The wait before the second try; it doubles up to a minute. */
  backoffMs?: number
  /** Waits for this many milliseconds before another try; a real timer by default. */
  sleep?: (ms: number) => Promise<unknown>
}

/**
 * The source answered what no catalog would. It would again, so a sync does not go on from pages
 * that were read before.
 */
export class SourceError extends CommandError {}

const LONGEST_BACKOFF_MS = 60_000
const LONGEST_RETRY_AFTER_MS = 600_000

/** GFW answers 500 to a malformed asset, every time. */
const TRIES_OF_500 = 2

const LONGEST_REASON = 500

/** Throws a CommandError if the source is out of reach or refuses the token. */
export function createGfwClient(options: GfwClientOptions): ReadList {
  const { tries = 6, backoffMs = 1000, token = '', sleep = setTimeout } = options
  // fetch would say it in its error.
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
      const backoff = Math.min(backoffMs * 2 ** (attempt - 1), LONGEST_BACKOFF_MS)
      await sleep(retryAfterMs ?? backoff * (0.5 + Math.random() / 2))
    }
  }
}

type Outcome =
  | { answer: PageAnswer }
  /** To be tried again; `last` is the answer if that fails too. */
  | { failure: string; last?: PageAnswer; retryAfterMs?: number | undefined }

async function request(url: string, options: GfwClientOptions): Promise<Outcome> {
  const { token, timeoutMs = 90_000, mostBodyBytes = LARGEST_BODY_BYTES } = options
  const signal = AbortSignal.timeout(timeoutMs)
  const headers = { Accept: 'application/json', ...(token && { Authorization: `Bearer ${token}` }) }
  try {
    // A redirect is not followed: the token is for the host that was named.
    const response = await fetch(url, { headers, signal, redirect: 'manual' })
    const body = await readBody(response, mostBodyBytes)
    if ('tooLarge' in body) return { answer: { kind: 'too-large', reason: body.tooLarge } }
    // What is read is kept and reported: a source that repeats the token must not put it there.
    return readResponse(response, token ? body.text.replaceAll(token, '[token]') : body.text)
  } catch (error) {
    if (error instanceof CommandError) throw error
    if (!signal.aborted) return { failure: errorMessage(error) }
    const failure = `no whole answer in ${timeoutMs} ms`
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
  if (status === 200) return { failure: 'the answer is not a page of assets' }
  if (status === 401 || status === 403) {
    throw new CommandError(`the source refuses the token: HTTP ${status}`)
  }
  if (status >= 300 && status < 400) {
    const location = headers.get('Location') ?? ''
    const target = URL.canParse(location) ? ` to ${new URL(location).origin}` : ''
    throw new CommandError(`the source redirects${target}: HTTP ${status}; name its own URL`)
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

/** An error body: GFW's `message`, FastAPI's `detail` as a text or a list. */
function errorOf(
  body: Record<string, unknown> | undefined,
  status: number,
): { reason: string; type: unknown } {
  const said = body?.message ?? body?.detail
  const faults = Array.isArray(said) ? said.map((fault) => Object(fault)) : []
  const text = Array.isArray(said)
    ? faults.map(({ loc, msg }) => `${Array.isArray(loc) ? loc.at(-1) : ''}: ${msg}`).join('; ')
    : said
  // Control characters could change what a terminal shows.
  const plain = typeof text === 'string' ? text.replace(/\p{C}|\p{Zl}|\p{Zp}/gu, ' ') : ''
  return { reason: plain.slice(0, LONGEST_REASON) || `HTTP ${status}`, type: faults[0]?.type }
}

/** A number at GFW, a text in its documentation and here. */
function totalItems(meta: unknown): number | undefined {
  const total = meta instanceof Object && 'total_items' in meta ? meta.total_items : undefined
  if (total === undefined || total === null) return undefined
  if (/^\d+$/.test(String(total))) return Number(total)
  throw new SourceError(`the source counts its assets as ${JSON.stringify(total).slice(0, 40)}`)
}

/** RFC 9110, 10.2.3: seconds or a date. */
function retryAfter(header: string | null): number | undefined {
  if (header === null) return undefined
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now()
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), LONGEST_RETRY_AFTER_MS)
}
