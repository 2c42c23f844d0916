/**
 * The API's client, for browsers, Node 20 and later, and Workers: typed by the schemas that the
 * Worker answers with, and needing nothing but `fetch`.
 */

import type { AssetQuery, PageQuery } from '../../../src/api/query.ts'
import type {
  Asset,
  AssetPage,
  Dataset,
  DatasetPage,
  Fault,
  TileJson,
} from '../../../src/api/resource.ts'

export type { Asset, AssetPage, Dataset, DatasetPage, Fault, TileJson }

/** Which page of a listing: its number from 1, its size up to 1000. */
export type PageParameters = Partial<Record<keyof PageQuery, number | undefined>>

/** What to list, in the API's names. Filters that are `undefined` do not count. */
export type AssetFilters = Omit<AssetQuery, keyof PageQuery> & PageParameters

export type RequestOptions = {
  /** Ends the request, a wait before its repetition, or the iteration, with the signal's reason. */
  signal?: AbortSignal | undefined
}

export type ClientOptions = {
  /** Where the API is: an origin, or a path under one. */
  baseUrl: string
  /** A bearer token, or what gives one for each request. Sent to the origin of `baseUrl` alone. */
  token?: string | (() => string | Promise<string>) | undefined
  fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined
  /** How often a request is repeated that was answered with 429 or 503; 3 if not given. */
  retries?: number | undefined
  /** How long all repetitions of a request may be waited for; 60 if not given. */
  maxWaitSeconds?: number | undefined
}

/**
 * Every method rejects with a `CatalogueError` for an answer that is an error, and with what `fetch`
 * rejects with where there is no answer.
 */
export type CatalogueClient = {
  listAssets(filters?: AssetFilters, options?: RequestOptions): Promise<AssetPage>
  /** All assets from the page asked for on. A page is requested when its first asset is. */
  eachAsset(filters?: AssetFilters, options?: RequestOptions): AsyncGenerator<Asset>
  getAsset(assetId: string, options?: RequestOptions): Promise<Asset>
  /** Of tile caches alone: 404 for other assets, 409 where one is pending or has failed. */
  tileJson(assetId: string, options?: RequestOptions): Promise<TileJson>
  listDatasets(page?: PageParameters, options?: RequestOptions): Promise<DatasetPage>
  /** All datasets from the page asked for on, requested as `eachAsset` does. */
  eachDataset(page?: PageParameters, options?: RequestOptions): AsyncGenerator<Dataset>
}

type Page<Item> = { data: Item[]; links: { next: string } }

/** An answer that is an error, or that is not the API's, such as a proxy's page. */
export class CatalogueError extends Error {
  readonly status: number
  /** What the API says is wrong, with the token for 401; the faults in one line for 422. */
  readonly detail: string
  /** Of 422: every fault of the request. */
  readonly faults: Fault[]
  /** When to come back, from now. */
  readonly retryAfterSeconds: number | undefined
  /** Names the request in the API's log. */
  readonly requestId: string | undefined

  /** @param body the answer's JSON, `undefined` where it is none */
  constructor({ ok, status, headers }: Response, body: unknown) {
    const said = isObject(body) ? body.detail : undefined
    const faults: Fault[] = Array.isArray(said) ? said : []
    const lines = faults.map(({ loc, msg }) => `${loc.at(-1)}: ${msg}`)
    // Browsers hide a redirect that is not followed: its status is 0.
    const foreign = !ok && status < 400 ? 'a redirect, not followed' : 'not an answer of the API'
    const detail = typeof said === 'string' ? said : lines.join('; ') || foreign
    super(`${status} ${detail}`)
    this.name = 'CatalogueError'
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
}: ClientOptions): CatalogueClient {
  const { origin, pathname } = new URL(baseUrl)
  const base = `${origin}${pathname.replace(/\/+$/, '')}`

  async function send(path: string, signal: AbortSignal | undefined): Promise<Response> {
    signal?.throwIfAborted()
    const value = typeof token === 'string' ? token : await token()
    // `fetch` would quote the header in its error.
    if (!/^([\w.~+/-]+=*)?$/.test(value)) throw new TypeError('The token is not a bearer token')
    return fetch(`${base}${path}`, {
      headers: value ? { Authorization: `Bearer ${value}` } : {},
      // The API redirects none of these paths, and not every `fetch` keeps the token from another host.
      redirect: 'manual',
      signal: signal ?? null,
    })
  }

  async function get<Body>(path: string, { signal }: RequestOptions = {}): Promise<Body> {
    let waitedSeconds = 0
    for (let attempt = 0; ; attempt++) {
      const response = await send(path, signal)
      const body = await readJson(response)
      // The API's tests hold its answers to the types.
      if (response.ok && isObject(body)) return body as Body
      const error = new CatalogueError(response, body)
      const isTransient = error.status === 429 || error.status === 503
      const waitSeconds = error.retryAfterSeconds ?? 2 ** attempt
      waitedSeconds += waitSeconds
      if (!isTransient || attempt >= retries || waitedSeconds > maxWaitSeconds) throw error
      await wait(waitSeconds, signal)
    }
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
      // Only its query: behind a proxy the link's host, or path, need not be those of `baseUrl`.
      search = links.next && new URL(links.next).search
    } while (search)
  }

  return {
    listAssets: (filters, options) => get(`/assets${toSearch(filters)}`, options),
    eachAsset: (filters, options) => each('/assets', filters, options),
    async getAsset(assetId, options) {
      const { data } = await get<{ data: Asset }>(`/asset/${encodeURIComponent(assetId)}`, options)
      return data
    },
    tileJson: (assetId, options) =>
      get(`/asset/${encodeURIComponent(assetId)}/tilejson.json`, options),
    listDatasets: (page, options) => get(`/datasets${toSearch(page)}`, options),
    eachDataset: (page, options) => each('/datasets', page, options),
  }
}

function toSearch(query: object = {}): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) search.set(name, `${value}`)
  }
  return `?${search}`
}

/** RFC 9110, 10.2.3: seconds, or the date of an end. */
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
