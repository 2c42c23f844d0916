/** A fake of GFW's `GET /assets` and `GET /datasets`, including their defects. */

import { createHash } from 'node:crypto'
import { createServer, type ServerResponse } from 'node:http'
import { listen } from '../../tools/listen.ts'

/** An asset, and the flags that are only filters. */
export interface StandInAsset {
  asset: Record<string, unknown>
  is_latest: boolean
  is_default: boolean
  /** Every page that contains it fails. */
  malformed?: boolean
}

/** How a request fails; numbers are statuses. */
export type Fault = 'cut' | 'hang' | 'html' | 'truncated' | 403 | 500 | 502 | 503 | 504

export interface StandInOptions {
  assets: StandInAsset[]
  token?: string
  /** Called with the 1-based number of the request. */
  fault?: (request: number, url: URL) => Fault | undefined
  /** Sends the response itself if it returns true. */
  respond?: (url: URL, response: ServerResponse) => boolean
  largestPage?: number
  /** Status of pages with a malformed asset; 422 by default. */
  failsWith?: 500
  /** Message of pages with a malformed asset. */
  message?: string
  /** Omits `meta` and `links`. */
  withoutMeta?: boolean
  /** Versions without assets. */
  versions?: { dataset: string; version: string }[]
  withoutDatasets?: boolean
  /** Query parameters that have no effect. */
  ignores?: string[]
  /** Behaves as this API: orders ties by id, sends `meta` as strings and errors as lists. */
  isThisApi?: boolean
}

export interface StandIn {
  url: string
  /** The decoded query of each request. */
  requests: string[]
  options: StandInOptions
  close(): Promise<void>
}

export async function serveGfwStandIn(options: StandInOptions): Promise<StandIn> {
  const standIn = { options, requests: [] as string[] }
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://stand-in')
    standIn.requests.push(decodeURIComponent(url.search || url.pathname))
    const failing = standIn.options.fault?.(standIn.requests.length, url)
    if (failing) return fail(response, failing)
    if (standIn.options.respond?.(url, response)) return
    const { status, body } = answer(url, request.headers.authorization, standIn.options)
    send(response, status, body)
  })
  const port = await listen(server, 0, '127.0.0.1')
  return Object.assign(standIn, {
    url: `http://127.0.0.1:${port}`,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  })
}

function answer(
  url: URL,
  authorization: string | undefined,
  options: StandInOptions,
): { status: number; body: unknown } {
  const { token, isThisApi = false, largestPage = 1e9, ignores = [], failsWith = 422 } = options
  const isAssets = url.pathname === '/assets'
  const isDatasets = url.pathname === '/datasets' && !options.withoutDatasets
  if (!isAssets && !isDatasets) return { status: 404, body: { message: 'Not Found' } }
  if (token && authorization !== `Bearer ${token}`) {
    return { status: 401, body: { status: 'failed', message: 'Unauthorized' } }
  }
  const query = new Map([...url.searchParams].filter(([name]) => !ignores.includes(name)))
  if (isDatasets) return answerDatasets(query, options)
  if (!isThisApi && query.has('dataset') !== query.has('version')) {
    const message = 'Must provide dataset and version'
    return { status: 400, body: { status: 'failed', message } }
  }
  const matching = options.assets.filter(({ asset, ...flags }) =>
    [...query].every(
      ([name, value]) => name.startsWith('page[') || String({ ...asset, ...flags }[name]) === value,
    ),
  )
  const isPaged = query.has('page[size]') || query.has('page[number]')
  const size = isPaged ? Number(query.get('page[size]') ?? 10) : Math.max(matching.length, 1)
  const number = Number(query.get('page[number]') ?? 1)
  if (size > largestPage) {
    const msg = `ensure this value is less than or equal to ${largestPage}`
    const fault = { loc: ['query', 'page[size]'], msg, type: 'value_error.number.not_le' }
    return { status: 422, body: { detail: [fault] } }
  }
  const pages = Math.max(Math.ceil(matching.length / size), 1)
  if (number > pages) {
    const msg = `Page number ${number} is larger than the total page count: ${pages}`
    const ours = { detail: [{ loc: ['query', 'page[number]'], msg, type: 'value_error.page' }] }
    return { status: 422, body: isThisApi ? ours : { status: 'failed', message: msg } }
  }
  const bound = isThisApi ? 0 : number * size
  const rows = ordered(matching, bound).slice((number - 1) * size, number * size)
  if (rows.some((row) => row.malformed)) {
    const message =
      options.message ?? '1 validation error for PaginatedAssetsResponse data -> 0 -> metadata'
    return { status: isPaged ? failsWith : 500, body: { status: 'failed', message } }
  }
  const data = rows.map((row) => row.asset)
  if (!isPaged || options.withoutMeta) return { status: 200, body: { data, status: 'success' } }
  // GFW's links drop the filters.
  const page = (at: number) => `${url.origin}/assets?page[number]=${at}&page[size]=${size}`
  const links = { self: page(number), first: page(1), last: page(pages), prev: '', next: page(2) }
  const meta = Object.entries({ size, total_items: matching.length, total_pages: pages })
  const spelled = Object.fromEntries(
    meta.map(([key, value]) => [key, isThisApi ? `${value}` : value]),
  )
  return { status: 200, body: { data, status: 'success', links, meta: spelled } }
}

/** GFW sends all datasets unless a page is requested; this API always sends a page. */
function answerDatasets(
  query: ReadonlyMap<string, string>,
  { assets, versions = [], isThisApi }: StandInOptions,
): { status: number; body: unknown } {
  const names = new Map<unknown, Set<unknown>>()
  for (const { dataset, version } of [...assets.map(({ asset }) => asset), ...versions]) {
    names.set(dataset, (names.get(dataset) ?? new Set()).add(version))
  }
  const all = [...names].map(([dataset, versions]) => ({ dataset, versions: [...versions] }))
  if (!isThisApi && !query.has('page[size]')) return { status: 200, body: ok(all) }
  const size = Number(query.get('page[size]') ?? 25)
  const number = Number(query.get('page[number]') ?? 1)
  const meta = { size: `${size}`, total_items: `${all.length}` }
  return { status: 200, body: { ...ok(all.slice((number - 1) * size, number * size)), meta } }
}

function ok(data: unknown[]) {
  return { data, status: 'success' }
}

/** Orders by `created_on`; ties differ by LIMIT plus OFFSET, as in Postgres. */
function ordered(assets: StandInAsset[], bound: number): StandInAsset[] {
  const rank = ({ asset }: StandInAsset) => {
    const tie = bound ? createHash('md5').update(`${asset.asset_id} ${bound}`).digest('hex') : ''
    return `${asset.created_on} ${tie} ${asset.asset_id}`
  }
  return assets
    .map((asset) => ({ asset, rank: rank(asset) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
    .map(({ asset }) => asset)
}

function fail(response: ServerResponse, fault: Fault): void {
  if (fault === 'cut') response.destroy()
  else if (fault === 'html') response.setHeader('Content-Type', 'text/html').end('<p>busy')
  else if (fault === 'truncated') {
    response.writeHead(200, { 'Content-Length': 1000 }).write('{"data": [')
    setTimeout(() => response.destroy(), 5)
  } else if (fault !== 'hang') send(response, fault, { message: 'something is wrong' })
}

export function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))
}
