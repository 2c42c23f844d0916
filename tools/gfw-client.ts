/**
 * `GET /assets` of GFW or another deployment of this API, one page a call. What passes (429, 502,
 * 503, 504, cut connections, timeouts) is tried again; what doesn't is told apart by its kind.
 */

import { setTimeout } from 'node:timers/promises'
import { CommandError, reasonOf } from './command-line.ts'

export type Filters = Readonly<Record<string, string>>

export type PageAnswer =
  /** `total` is missing where the source gives no paging meta. */
  | { kind: 'page'; rows: unknown[]; total?: number }
  /** The source cannot serialise an asset of the page. */
  | { kind: 'malformed'; reason: string }
  /** The page is past the last one; `pages` where the source says how many there are. */
  | { kind: 'past'; pages?: number }
  /** The source does not take these parameters. */
  | { kind: 'refused'; reason: string }
  /** Every try took longer than the source or this client waits. */
  | { kind: 'slow' }

/** Reads page `number` (from 1) of the assets that match. */
export type ReadPage = (filters: Filters, size: number, number: number) => Promise<PageAnswer>

export interface GfwClientOptions {
  /** The source's URL without `/assets`. */
  from: string
  token?: string | undefined
  timeoutMs?: number
  tries?: number
  /** The wait before the second try; it doubles up to a minute. */
  backoffMs?: number
  /** Waits for this many milliseconds before another try; a real timer by default. */
  sleep?: (ms: number) => Promise<unknown>
}

const LONGEST_BACKOFF_MS = 60_000
const LONGEST_RETRY_AFTER_MS = 600_000

/** GFW answers 500 to a malformed asset, every time. */
const TRIES_OF_500 = 2

/** Throws a CommandError where the source is out of reach or refuses the token. */
export function createGfwClient(options: GfwClientOptions): ReadPage {
  const { tries = 6, backoffMs = 1000, token = '', sleep = setTimeout } = options
  // fetch would say it in its error.
  if (!/^[\x21-\x7e]*$/.test(token)) throw new CommandError('the token is not one line of ASCII')
  return async function readPage(filters, size, number) {
    const url = pageUrl(options.from, filters, size, number)
    for (let attempt = 1; ; attempt++) {
      const outcome = await request(url, options)
      if ('answer' in outcome) return outcome.answer
      const { failure, last, retryAfterMs } = outcome
      const isLast = attempt >= Math.min(tries, last ? TRIES_OF_500 : tries)
      if (isLast && last) return last
      if (isLast) throw new CommandError(`${options.from} failed ${attempt} times: ${failure}`)
      const backoff = Math.min(backoffMs * 2 ** (attempt - 1), LONGEST_BACKOFF_MS)
      await sleep(retryAfterMs ?? backoff * (0.5 + Math.random() / 2))
    }
  }
}

function pageUrl(from: string, filters: Filters, size: number, number: number): string {
  const url = new URL(`${from.replace(/\/+$/, '')}/assets`)
  for (const [name, value] of Object.entries(filters)) url.searchParams.set(name, value)
  url.searchParams.set('page[number]', String(number))
  url.searchParams.set('page[size]', String(size))
  return url.href
}

type Outcome =
  | { answer: PageAnswer }
  /** To be tried again; `last` is the answer if that fails too. */
  | { failure: string; last?: PageAnswer; retryAfterMs?: number | undefined }

async function request(url: string, options: GfwClientOptions): Promise<Outcome> {
  const { token, timeoutMs = 90_000 } = options
  const signal = AbortSignal.timeout(timeoutMs)
  const headers = { Accept: 'application/json', ...(token && { Authorization: `Bearer ${token}` }) }
  try {
    const response = await fetch(url, { headers, signal })
    const text = await response.text()
    // What is read is kept and reported: a source that repeats the token must not put it there.
    return readResponse(response, token ? text.replaceAll(token, '[token]') : text)
  } catch (error) {
    if (error instanceof CommandError) throw error
    if (signal.aborted) return { failure: `no answer in ${timeoutMs} ms`, last: { kind: 'slow' } }
    return { failure: reasonOf(error) }
  }
}

function readResponse({ status, headers }: Response, text: string): Outcome {
  const body = parseObject(text)
  const reason = message(body) || `HTTP ${status}`
  if (status === 200 && Array.isArray(body?.data)) {
    const total = totalItems(body.meta)
    return { answer: { kind: 'page', rows: body.data, ...(total !== undefined && { total }) } }
  }
  if (status === 200) return { failure: 'the answer is not a page of assets' }
  if (status === 401 || status === 403) {
    throw new CommandError(`the source refuses the token: HTTP ${status}`)
  }
  const past = /larger than the total page count:? ?(\d+)?/.exec(reason)
  if (past) return { answer: { kind: 'past', ...(past[1] && { pages: Number(past[1]) }) } }
  if (status === 422 && typeof body?.detail !== 'object') {
    return { answer: { kind: 'malformed', reason } }
  }
  if (status === 500) return { failure: reason, last: { kind: 'malformed', reason } }
  if (status === 504) return { failure: reason, last: { kind: 'slow' } }
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

/** What an error body says: GFW's `message`, FastAPI's `detail` as a text or a list. */
function message(body: Record<string, unknown> | undefined): string {
  const said = body?.message ?? body?.detail
  if (!Array.isArray(said)) return typeof said === 'string' ? said.slice(0, 500) : ''
  return said.map((fault) => `${fault?.loc?.at?.(-1)}: ${fault?.msg}`).join('; ')
}

/** GFW's is a number, its documentation's a text. */
function totalItems(meta: unknown): number | undefined {
  const total = meta instanceof Object && 'total_items' in meta ? meta.total_items : undefined
  return /^\d+$/.test(String(total)) ? Number(total) : undefined
}

/** RFC 9110, 10.2.3: seconds or a date. */
function retryAfter(header: string | null): number | undefined {
  if (header === null) return undefined
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now()
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), LONGEST_RETRY_AFTER_MS)
}
