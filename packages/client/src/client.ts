/** Client of the GFW asset catalog API. It needs `fetch` and nothing else. */

import type { CatalogClient, ClientOptions, Fault, RequestOptions } from './interface.ts'

export type * from './interface.ts'

type Page<Item> = { data: Item[]; links: { next: string } }

/** The API answered with an error, or something between the client and the API answered for it. */
export class CatalogError extends Error {
  readonly status: number
  /** The API's message. For 422 it is a summary of all faults. */
  readonly detail: string
  /** All faults of the request if the status is 422; otherwise empty. */
  readonly faults: Fault[]
  /** Seconds to wait before another request, from `Retry-After`. */
  readonly retryAfterSeconds: number | undefined
  /** Identifies the request in the API's log. */
  readonly requestId: string | undefined

  /** @param body the parsed JSON, or `undefined` if the body isn't JSON */
  constructor({ ok, status, headers }: Response, body: unknown) {
    const sent = isObject(body) ? body.detail : undefined
    const faults: Fault[] = Array.isArray(sent) ? sent : []
    const summary = faults.map(({ loc, msg }) => `${loc.at(-1)}: ${msg}`).join('; ')
    // In browsers a redirect that is not followed has the status 0.
    const foreign = !ok && status < 400 ? 'a redirect, not followed' : 'not an answer of the API'
    const detail = typeof sent === 'string' ? sent : summary || foreign
    super(`${status} ${detail}`)
    this.name = 'CatalogError'
    this.status = status
    this.detail = detail
    this.faults = faults
    this.retryAfterSeconds = readRetryAfter(headers.get('Retry-After'))
    this.requestId = headers.get('X-Request-Id') ?? undefined
  }
}

/** @throws {TypeError} if `baseUrl` is not an absolute URL */
export function createClient({
  baseUrl,
  token = '',
  fetch = globalThis.fetch,
  retries = 3,
  maxWaitSeconds = 60,
}: ClientOptions): CatalogClient {
  const { origin, pathname } = new URL(baseUrl)
  const base = `${origin}${pathname.replace(/\/+$/, '')}`

  async function send(path: string, signal: AbortSignal | undefined): Promise<Response> {
    signal?.throwIfAborted()
    const value = typeof token === 'string' ? token : await token()
    // `fetch` quotes an invalid header, and so the token, in its error.
    if (!/^([\w.~+/-]+=*)?$/.test(value)) throw new TypeError('The token is not a bearer token')
    return fetch(`${base}${path}`, {
      headers: value ? { Authorization: `Bearer ${value}` } : {},
      // The API redirects none of these paths, and some implementations of `fetch` send the token on.
      redirect: 'manual',
      signal: signal ?? null,
    })
  }

  async function get<Body>(path: string, { signal }: RequestOptions = {}): Promise<Body> {
    let waitedSeconds = 0
    for (let attempt = 0; ; attempt++) {
      const response = await send(path, signal)
      const body = await readJson(response)
      // Boundary: the API's tests check its answers against the schemas of these types.
      if (response.ok && isObject(body)) return body as Body
      const error = new CatalogError(response, body)
      const isTransient = error.status === 429 || error.status === 503
      const waitSeconds = error.retryAfterSeconds ?? 2 ** attempt
      waitedSeconds += waitSeconds
      if (!isTransient || attempt >= retries || waitedSeconds > maxWaitSeconds) throw error
      await wait(waitSeconds, signal)
    }
  }

  async function getData<Data>(path: string, options: RequestOptions | undefined): Promise<Data> {
    const { data } = await get<{ data: Data }>(path, options)
    return data
  }

  async function* each<Item>(
    path: string,
    query: object | undefined,
    options: RequestOptions | undefined,
  ): AsyncGenerator<Item> {
    let search = toSearch(query)
    do {
      const { data, links } = await get<Page<Item>>(`${path}${search}`, options)
      for (const item of data) {
        options?.signal?.throwIfAborted()
        yield item
      }
      // Only the query of the link counts: behind a proxy its host and path can differ from `baseUrl`.
      search = links.next && new URL(links.next).search
    } while (search)
  }

  return {
    listAssets: (filters, options) => get(`/assets${toSearch(filters)}`, options),
    eachAsset: (filters, options) => each('/assets', filters, options),
    getAsset: (assetId, options) => getData(`/asset${toPath(assetId)}`, options),
    tileJson: (assetId, options) => get(`/asset${toPath(assetId)}/tilejson.json`, options),
    listDatasets: (filters, options) => get(`/datasets${toSearch(filters)}`, options),
    eachDataset: (filters, options) => each('/datasets', filters, options),
    getDataset: (dataset, options) => getData(`/dataset${toPath(dataset)}`, options),
    getVersion: ({ dataset, version }, options) =>
      getData(`/dataset${toPath(dataset, version)}`, options),
    listVersionAssets: ({ dataset, version, ...filters }, options) =>
      get(`/dataset${toPath(dataset, version)}/assets${toSearch(filters)}`, options),
    versionTileJson: ({ dataset, version, ...filters }, options) =>
      get(`/dataset${toPath(dataset, version)}/tilejson.json${toSearch(filters)}`, options),
  }
}

function toPath(...names: string[]): string {
  return names.map((name) => `/${encodeURIComponent(name)}`).join('')
}

function toSearch(query: object = {}): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) search.set(name, `${value}`)
  }
  return `?${search}`
}

/** Returns seconds from now. The header holds seconds or a date (RFC 9110, 10.2.3). */
function readRetryAfter(value: string | null): number | undefined {
  if (value === null) return undefined
  if (/^\d+$/.test(value)) return Number(value)
  const seconds = (Date.parse(value) - Date.now()) / 1000
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds)
}

async function readJson(response: Response): Promise<unknown> {
  const text = await response.text()
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

async function wait(seconds: number, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted()
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, seconds * 1000)
    function stop() {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    signal?.addEventListener('abort', stop, { once: true })
  })
}
