/** All headers of every kind of page in every situation, from the Worker as deployed. */

import { readdir } from 'node:fs/promises'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type BuiltDatabase,
  type StoredAsset,
  startBuiltDatabase,
} from '../../harness/built-database.ts'
import {
  type Answer,
  type BuiltWorker,
  type Sent,
  startBuiltWorker,
} from '../../harness/built-worker.ts'

const TILE_CACHE = '0b1f0c9e-8d39-4d8c-9d0f-2f1c2f3a4b5c'
const PENDING = '1b1f0c9e-8d39-4d8c-9d0f-2f1c2f3a4b5c'
const UNKNOWN = 'ffffffff-8d39-4d8c-9d0f-2f1c2f3a4b5c'

/** An id or a dataset in a path. */
const IN_PATH = new RegExp(`${TILE_CACHE}|umd_tree_cover_loss`)

/** Longer than the maximum age of the Worker `brief`. */
const PAST_MAX_AGE_MS = 1200

type Kind =
  | 'listing'
  | 'asset'
  | 'tileJson'
  | 'datasets'
  | 'dataset'
  | 'version'
  | 'versionAssets'
  | 'versionTileJson'
  | 'livez'
  | 'readyz'
  | 'openApi'
  | 'explorer'
  | 'docs'
  | 'staticFile'
  | 'nothing'

const KINDS = {
  listing: '/assets',
  asset: `/asset/${TILE_CACHE}`,
  tileJson: `/asset/${TILE_CACHE}/tilejson.json`,
  datasets: '/datasets',
  dataset: '/dataset/umd_tree_cover_loss',
  version: '/dataset/umd_tree_cover_loss/v1.8',
  versionAssets: '/dataset/umd_tree_cover_loss/v1.8/assets',
  versionTileJson: '/dataset/umd_tree_cover_loss/v1.8/tilejson.json',
  livez: '/livez',
  readyz: '/readyz',
  openApi: '/openapi.json',
  explorer: '/',
  docs: '/docs',
  // FILE is replaced by a file name with a content hash.
  staticFile: '/static/FILE',
  nothing: '/nothing',
} satisfies Record<Kind, string>

/** Status, all headers except `Content-Length`, with HOST for the host, and the error's detail. */
type Expected = [status: number, headers: Record<string, unknown>, detail?: unknown]
type Row = Record<Kind, Expected>

/** On every response of the Worker, including preflights. */
const CORS = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers':
    'ETag,Age,Link,Retry-After,Cache-Status,Server-Timing,X-Request-Id,WWW-Authenticate,Ignored-Parameters',
  'x-request-id': expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
}
/** On every response of the Worker except preflights. */
const COMMON = {
  ...CORS,
  'cross-origin-resource-policy': 'cross-origin',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=15552000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'SAMEORIGIN',
}
const JSON_TYPE = { 'content-type': 'application/json' }
/** The headers of routes that need a token; `timings` are the entries of `Server-Timing`. */
function catalog(...timings: string[]) {
  const entries = timings.map((name) => `${name};dur=\\d+\\.\\d`)
  return {
    ...COMMON,
    ...JSON_TYPE,
    'server-timing': expect.stringMatching(new RegExp(`^${entries.join(',')}$`)),
    'timing-allow-origin': '*',
    vary: 'Authorization',
  }
}
const HASH = expect.stringMatching(/^"[\w-]{43}"$/)
const SERVICE_DESC = '<https://HOST/openapi.json>; rel="service-desc"'
const TILE_JSON = `</asset/${TILE_CACHE}/tilejson.json>; rel="tilejson"`
const page = (path: string) => `<https://HOST${path}page[number]=1&page[size]=25>`
const TWINS = ['2b1f0c9e-8d39-4d8c-9d0f-2f1c2f3a4b5c', '3b1f0c9e-8d39-4d8c-9d0f-2f1c2f3a4b5c']
const TWO_TILE_JSONS = TWINS.map((id) => `</asset/${id}/tilejson.json>; rel="tilejson"`).join(', ')
const VERSION_ASSETS = '/dataset/umd_tree_cover_loss/v1.8/assets?'
const LINKS = {
  listing: `${page('/assets?')}; rel="first", ${page('/assets?')}; rel="last", ${TILE_JSON}, ${TWO_TILE_JSONS}, ${SERVICE_DESC}`,
  asset: `${TILE_JSON}, ${page('/assets?dataset=umd_tree_cover_loss&version=v1.8&')}; rel="collection", ${SERVICE_DESC}`,
  tileJson: SERVICE_DESC,
  datasets: `${page('/datasets?')}; rel="first", ${page('/datasets?')}; rel="last", ${SERVICE_DESC}`,
  dataset: SERVICE_DESC,
  version: SERVICE_DESC,
  versionAssets: `${page(VERSION_ASSETS)}; rel="first", ${page(VERSION_ASSETS)}; rel="last", ${TILE_JSON}, ${SERVICE_DESC}`,
  versionTileJson: SERVICE_DESC,
}
function fromCatalog(status: number, kind: keyof typeof LINKS, also: object): Expected {
  const cacheControl = 'private, max-age=60'
  return [
    status,
    {
      ...catalog('auth', 'cache', 'db'),
      age: expect.stringMatching(/^\d+$/),
      'cache-control': cacheControl,
      'cache-status': 'assets; fwd=uri-miss; stored',
      etag: HASH,
      link: LINKS[kind],
      ...also,
    },
  ]
}
const ofCatalog = (status: number, also: object = {}) => ({
  listing: fromCatalog(status, 'listing', also),
  asset: fromCatalog(status, 'asset', also),
  tileJson: fromCatalog(status, 'tileJson', also),
  datasets: fromCatalog(status, 'datasets', also),
  dataset: fromCatalog(status, 'dataset', also),
  version: fromCatalog(status, 'version', also),
  versionAssets: fromCatalog(status, 'versionAssets', also),
  versionTileJson: fromCatalog(status, 'versionTileJson', also),
})

/** The same for all routes that need a token. */
const allOfCatalog = <Cell>(expected: Cell) => ({
  listing: expected,
  asset: expected,
  tileJson: expected,
  datasets: expected,
  dataset: expected,
  version: expected,
  versionAssets: expected,
  versionTileJson: expected,
})

const NO_STORE = { 'cache-control': 'no-store' }
const ERROR = { ...COMMON, ...JSON_TYPE, ...NO_STORE }
const HEALTH: Expected = [200, { ...COMMON, ...JSON_TYPE, ...NO_STORE }]
const OPEN_API = { ...COMMON, ...JSON_TYPE, 'cache-control': 'public, max-age=60', etag: HASH }
const NOT_FOUND: Expected = [404, ERROR, 'Not Found']
const redirect = (location: string): Expected => [308, { ...COMMON, location }]

/** Cloudflare adds `CF-Cache-Status` to static assets, and its cache may miss right after a request. */
const STATIC = {
  'cf-cache-status': expect.stringMatching(/^(HIT|MISS)$/),
  etag: expect.stringMatching(/^"[0-9a-f]{32}"$/),
}
const HTML = {
  ...STATIC,
  ...COMMON,
  'cache-control': 'public, max-age=0, must-revalidate',
  'content-type': 'text/html; charset=utf-8',
}
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
const EXPLORER = {
  ...HTML,
  'content-security-policy': `${POLICY}connect-src 'self' https:; img-src 'self' data: blob: https:; worker-src 'self'`,
}
const DOCS = {
  ...HTML,
  'content-security-policy': `${POLICY}connect-src 'self'; img-src 'self'`,
}
/** Not served by the Worker; `_headers` sets these. */
const STATIC_RULES = {
  'cache-control': 'public, max-age=31536000, immutable',
  'x-content-type-options': 'nosniff',
}
const STATIC_FILE: Expected = [
  200,
  { ...STATIC, ...STATIC_RULES, 'content-type': 'text/javascript; charset=utf-8' },
]

const WITHOUT_TOKEN = {
  livez: HEALTH,
  readyz: HEALTH,
  openApi: [200, OPEN_API] as Expected,
  explorer: [200, EXPLORER] as Expected,
  docs: [200, DOCS] as Expected,
  staticFile: STATIC_FILE,
  nothing: NOT_FOUND,
}
const SEEN: Row = { ...ofCatalog(200), ...WITHOUT_TOKEN }

const CHALLENGE = 'Bearer realm="assets"'
function unauthorized(detail: string, challenge = CHALLENGE): Row {
  const headers = { ...catalog('auth'), ...NO_STORE, 'www-authenticate': challenge }
  return { ...WITHOUT_TOKEN, ...allOfCatalog<Expected>([401, headers, detail]) }
}
function failed(
  status: number,
  detail: unknown,
  timings: string[] = ['auth', 'cache', 'db'],
  also: object = {},
): Expected {
  return [status, { ...catalog(...timings), ...NO_STORE, ...also }, detail]
}
const OPTIONS: Expected = [
  204,
  { ...CORS, 'access-control-allow-methods': 'GET,HEAD', 'access-control-max-age': '86400' },
]
const PREFLIGHT: Expected = [
  204,
  {
    ...OPTIONS[1],
    'access-control-allow-headers': 'authorization,x-api-key',
    vary: 'Access-Control-Request-Headers',
  },
]
const NOT_ALLOWED: Expected = [405, { ...ERROR, allow: 'GET, HEAD, OPTIONS' }, 'Method Not Allowed']
const BAD_REQUEST: Expected = [400, ERROR, 'Bad Request']
const HTTPS_REQUIRED: Expected = [403, ERROR, 'HTTPS is required']
const INTERNAL_ERROR: Expected = [500, ERROR, 'Internal Server Error']
/** Cloudflare's response to other methods for static assets. */
const STATIC_NOT_ALLOWED: Expected = [405, STATIC_RULES]

const NOT_AN_INTEGER = {
  loc: ['query', 'page[number]'],
  msg: 'value is not a valid integer',
  type: 'type_error.integer',
}
const TOO_SMALL = {
  loc: ['query', 'page[size]'],
  msg: 'ensure this value is greater than or equal to 1',
  type: 'value_error.number.not_ge',
}
const NOT_A_UUID = {
  loc: ['path', 'asset_id'],
  msg: 'value is not a valid uuid',
  type: 'type_error.uuid',
}
const NOT_A_DATASET = {
  loc: ['path', 'dataset'],
  msg: 'string does not match regex "^[a-z][a-z0-9_-]{2,}$"',
  type: 'value_error.str.regex',
}
const PAST_THE_LAST_PAGE = {
  loc: ['query', 'page[number]'],
  msg: 'Page number 2 is larger than the total page count: 1',
  type: 'value_error.page',
}

const TWO_MATCH =
  '2 tile caches match, ask for one by asset_type, is_default or asset_uri: ' +
  'Raster tile cache https://tiles.example/0/{z}/{x}/{y}.png, Raster tile cache https://tiles.example/1/{z}/{x}/{y}.png'

type WorkerName = 'normal' | 'direct' | 'limited' | 'cutOff' | 'brief' | 'broken'

type Situation = {
  /** `normal` by default. */
  worker?: WorkerName
  /** Precondition: the same request, followed by an outage longer than the maximum age, if any. */
  after?: 'the same request' | 'an outage'
  methods?: string[]
  sent?: Sent
  /** The URL of a page on a unique host. */
  url?: (host: string, path: string) => string
  expected: Row
}

const GET_AND_HEAD = ['GET', 'HEAD']

const SITUATIONS: Record<string, Situation> = {
  'with a valid token': { expected: SEEN },
  'the second time': {
    after: 'the same request',
    expected: {
      ...SEEN,
      ...ofCatalog(200, {
        'server-timing': catalog('auth', 'cache')['server-timing'],
        'cache-status': expect.stringMatching(/^assets; hit; ttl=\d+; detail=memory$/),
      }),
    },
  },
  'with a matching If-None-Match': {
    sent: { headers: { 'If-None-Match': '*' } },
    expected: {
      ...SEEN,
      ...ofCatalog(304),
      openApi: [304, OPEN_API],
    },
  },
  'without a token': {
    sent: { headers: { Authorization: '' } },
    expected: unauthorized('Not authenticated'),
  },
  'with credentials of another scheme': {
    sent: { headers: { Authorization: 'Basic eDp5' } },
    expected: unauthorized('Expected Authorization: Bearer <token>'),
  },
  'with a malformed token': {
    sent: { headers: { Authorization: 'Bearer x' } },
    expected: unauthorized(
      'The token is malformed',
      `${CHALLENGE}, error="invalid_token", error_description="The token is malformed"`,
    ),
  },
  'with a slash at the end': {
    url: (host, path) => `https://${host}${path}/?a=b`,
    expected: {
      listing: redirect('/assets?a=b'),
      asset: redirect(`/asset/${TILE_CACHE}?a=b`),
      tileJson: redirect(`/asset/${TILE_CACHE}/tilejson.json?a=b`),
      datasets: redirect('/datasets?a=b'),
      dataset: redirect('/dataset/umd_tree_cover_loss?a=b'),
      version: redirect('/dataset/umd_tree_cover_loss/v1.8?a=b'),
      versionAssets: redirect('/dataset/umd_tree_cover_loss/v1.8/assets?a=b'),
      versionTileJson: redirect('/dataset/umd_tree_cover_loss/v1.8/tilejson.json?a=b'),
      livez: redirect('/livez?a=b'),
      readyz: redirect('/readyz?a=b'),
      openApi: redirect('/openapi.json?a=b'),
      // Cloudflare's redirect of two slashes.
      explorer: [307, { location: '/?a=b' }],
      docs: redirect('/docs?a=b'),
      staticFile: NOT_FOUND,
      nothing: NOT_FOUND,
    },
  },
  'by plain HTTP': {
    url: (host, path) => `http://${host}:8080${path}?a=b`,
    expected: {
      ...allOfCatalog(HTTPS_REQUIRED),
      livez: HTTPS_REQUIRED,
      readyz: HTTPS_REQUIRED,
      openApi: HTTPS_REQUIRED,
      explorer: redirect('https://HOST/?a=b'),
      docs: redirect('https://HOST/docs?a=b'),
      staticFile: STATIC_FILE,
      nothing: HTTPS_REQUIRED,
    },
  },
  'for a host with an invalid port': {
    worker: 'direct',
    url: (host, path) => `http://${host}:99999${path}`,
    expected: {
      ...allOfCatalog(BAD_REQUEST),
      livez: BAD_REQUEST,
      readyz: BAD_REQUEST,
      openApi: BAD_REQUEST,
      explorer: BAD_REQUEST,
      docs: BAD_REQUEST,
      staticFile: BAD_REQUEST,
      nothing: BAD_REQUEST,
    },
  },
  'with another method': {
    methods: ['POST', 'PUT', 'PATCH', 'DELETE'],
    expected: {
      ...allOfCatalog(NOT_ALLOWED),
      livez: NOT_ALLOWED,
      readyz: NOT_ALLOWED,
      openApi: NOT_ALLOWED,
      explorer: NOT_ALLOWED,
      docs: NOT_ALLOWED,
      staticFile: STATIC_NOT_ALLOWED,
      nothing: NOT_FOUND,
    },
  },
  'of a preflight': {
    methods: ['OPTIONS'],
    sent: {
      headers: {
        Authorization: '',
        Origin: 'https://map.example',
        'Access-Control-Request-Method': 'GET',
        'Access-Control-Request-Headers': 'authorization, x-api-key',
      },
    },
    expected: {
      ...allOfCatalog(PREFLIGHT),
      livez: PREFLIGHT,
      readyz: PREFLIGHT,
      openApi: PREFLIGHT,
      explorer: PREFLIGHT,
      docs: PREFLIGHT,
      staticFile: STATIC_NOT_ALLOWED,
      nothing: PREFLIGHT,
    },
  },
  'of OPTIONS without a preflight': {
    methods: ['OPTIONS'],
    sent: { headers: { Authorization: '' } },
    expected: {
      ...allOfCatalog(OPTIONS),
      livez: OPTIONS,
      readyz: OPTIONS,
      openApi: OPTIONS,
      explorer: OPTIONS,
      docs: OPTIONS,
      staticFile: STATIC_NOT_ALLOWED,
      nothing: OPTIONS,
    },
  },
  'of an invalid query or id': {
    url: (host, path) => `https://${host}${path.replace(IN_PATH, 'x')}?page[size]=0&page[number]=x`,
    expected: {
      ...WITHOUT_TOKEN,
      listing: failed(422, [NOT_AN_INTEGER, TOO_SMALL], ['auth']),
      asset: failed(422, [NOT_A_UUID], ['auth']),
      tileJson: failed(422, [NOT_A_UUID], ['auth']),
      datasets: failed(422, [NOT_AN_INTEGER, TOO_SMALL], ['auth']),
      dataset: failed(422, [NOT_A_DATASET], ['auth']),
      version: failed(422, [NOT_A_DATASET], ['auth']),
      versionAssets: failed(422, [NOT_A_DATASET, NOT_AN_INTEGER, TOO_SMALL], ['auth']),
      versionTileJson: failed(422, [NOT_A_DATASET], ['auth'], {
        'ignored-parameters': 'page[size], page[number]',
      }),
    },
  },
  'past the last page or of an unknown id': {
    url: (host, path) =>
      `https://${host}${path.replace(TILE_CACHE, UNKNOWN).replace('loss', 'gain')}?page[number]=2`,
    expected: {
      ...WITHOUT_TOKEN,
      listing: failed(422, [PAST_THE_LAST_PAGE]),
      asset: failed(404, `Could not find requested asset ${UNKNOWN}`),
      tileJson: failed(404, `Could not find requested asset ${UNKNOWN}`),
      datasets: failed(422, [PAST_THE_LAST_PAGE]),
      dataset: failed(404, 'Dataset with name umd_tree_cover_gain does not exist'),
      version: failed(404, 'Dataset with name umd_tree_cover_gain does not exist'),
      versionAssets: failed(404, 'Dataset with name umd_tree_cover_gain does not exist'),
      versionTileJson: failed(
        404,
        'Dataset with name umd_tree_cover_gain does not exist',
        undefined,
        {
          'ignored-parameters': 'page[number]',
        },
      ),
    },
  },
  'of a pending asset': {
    url: (host, path) => `https://${host}${path.replace(TILE_CACHE, PENDING)}`,
    expected: {
      ...SEEN,
      asset: fromCatalog(200, 'asset', {
        link: `${page('/assets?dataset=umd_soy_planted_area&version=v1&')}; rel="collection", ${SERVICE_DESC}`,
      }),
      tileJson: failed(409, "No tiles: the asset's status is pending"),
    },
  },
  'of another version of the dataset, with two tile caches': {
    url: (host, path) => `https://${host}${path.replace('v1.8', 'v2')}`,
    expected: {
      ...SEEN,
      versionAssets: fromCatalog(200, 'versionAssets', {
        link: LINKS.versionAssets.replaceAll('v1.8', 'v2').replace(TILE_JSON, TWO_TILE_JSONS),
      }),
      versionTileJson: failed(409, TWO_MATCH, undefined, {
        link: `${TWO_TILE_JSONS}, ${SERVICE_DESC}`,
      }),
    },
  },
  'over the rate limit': {
    worker: 'limited',
    expected: {
      ...WITHOUT_TOKEN,
      ...allOfCatalog(failed(429, 'Too Many Requests', ['auth'], { 'retry-after': '60' })),
    },
  },
  'of stored pages while the database is down': {
    worker: 'brief',
    after: 'an outage',
    expected: {
      ...SEEN,
      ...ofCatalog(200, {
        'server-timing': expect.stringMatching(
          /^auth;dur=\d+\.\d,cache;dur=\d+\.\d(,db;dur=\d+\.\d)?$/,
        ),
        'cache-control': 'private, max-age=1',
        'cache-status': expect.stringMatching(/^assets; hit; ttl=-\d+; detail=database-down$/),
        age: expect.stringMatching(/^[1-9]\d*$/),
      }),
    },
  },
  'of pages that are not stored while the database is down': {
    worker: 'cutOff',
    expected: {
      ...WITHOUT_TOKEN,
      ...allOfCatalog(failed(503, 'Service Unavailable', undefined, { 'retry-after': '5' })),
      readyz: [503, { ...ERROR, 'retry-after': '5' }, 'Service Unavailable'],
    },
  },
  'of a deployment without its bindings': {
    worker: 'broken',
    expected: {
      ...allOfCatalog(failed(500, 'Internal Server Error', ['auth'])),
      livez: HEALTH,
      readyz: INTERNAL_ERROR,
      openApi: [200, OPEN_API],
      explorer: INTERNAL_ERROR,
      docs: INTERNAL_ERROR,
      staticFile: NOT_FOUND,
      nothing: NOT_FOUND,
    },
  },
}

const running = new AsyncDisposableStack()
let database: BuiltDatabase
let workers: Record<WorkerName, BuiltWorker>
let staticFile: string

const asset: StoredAsset = {
  asset_id: TILE_CACHE,
  dataset: 'umd_tree_cover_loss',
  version: 'v1.8',
  asset_type: 'Raster tile cache',
  asset_uri: 'https://tiles.example/loss/{z}/{x}/{y}.png',
  status: 'saved',
  is_managed: true,
  is_default: false,
  is_downloadable: false,
  metadata: {},
  created_on: '2019-08-24T14:15:22Z',
  updated_on: '2020-01-02T03:04:05Z',
}

beforeAll(async () => {
  const files = await readdir('dist/site/static')
  staticFile = `/static/${files.find((file) => file.startsWith('index-') && file.endsWith('.js'))}`
  database = await startBuiltDatabase()
  running.defer(() => database.close())
  await database.insertAssets([
    asset,
    {
      ...asset,
      asset_id: PENDING,
      dataset: 'umd_soy_planted_area',
      version: 'v1',
      asset_uri: 'https://tiles.example/soy/{z}/{x}/{y}.png',
      status: 'pending',
      created_on: '2021-05-06T07:08:09Z',
    },
    ...TWINS.map((id, n) => ({
      ...asset,
      asset_id: id,
      version: 'v2',
      asset_uri: `https://tiles.example/${n}/{z}/{x}/{y}.png`,
    })),
  ])
  const vars = { DATABASE_URL: database.connectionString }
  const options: Record<WorkerName, Parameters<typeof startBuiltWorker>[0]> = {
    normal: { vars },
    direct: { vars, isDirect: true },
    limited: { vars, rateLimit: 1 },
    // No server listens on this port.
    cutOff: { vars: { DATABASE_URL: 'postgres://test:test-only@127.0.0.1:9/catalog' } },
    brief: {
      vars: {
        DATABASE_URL: database.neon.connectionString,
        REVISION_FRESH_SECONDS: 1,
        REVISION_MAX_AGE_SECONDS: 1,
      },
    },
    broken: { vars, isBroken: true },
  }
  const started = await Promise.all(
    Object.entries(options).map(async ([name, option]) => {
      const worker = await startBuiltWorker(option)
      running.defer(() => worker.close())
      return [name, worker]
    }),
  )
  workers = Object.fromEntries(started)
})

afterAll(() => running.disposeAsync())

/** Hosts are random, so that requests share no stored pages. */
function withoutHost({ status, headers }: Answer, host: string) {
  const entries = Object.entries(headers).map(([name, value]) => [
    name,
    value.replaceAll(host, 'HOST'),
  ])
  return [status, Object.fromEntries(entries)]
}

/** Other tests check the bodies of successes; here they must not be empty. */
function bodyOf(status: number, detail: unknown): unknown {
  if (status === 200) return expect.stringMatching(/./)
  return detail === undefined ? '' : JSON.stringify({ detail })
}

/** The limit of one request is reset at each clock minute. */
async function fetchOverRate(url: string, sent?: Sent): Promise<Answer> {
  const minute = () => Math.floor(Date.now() / 60_000)
  const { fetch } = workers.limited
  while (true) {
    const before = minute()
    await fetch('https://api.example/datasets')
    const answer = await fetch(url, sent)
    if (minute() === before) return answer
  }
}

function fetchFrom(worker: WorkerName): BuiltWorker['fetch'] {
  return worker === 'limited' ? fetchOverRate : workers[worker].fetch
}

describe.each(Object.entries(SITUATIONS))('the headers %s', (_, situation) => {
  const { worker = 'normal', after, methods = GET_AND_HEAD, sent, expected } = situation
  const { url = (host: string, path: string) => `https://${host}${path}` } = situation
  const cells = Object.entries(expected).flatMap(([kind, [status, headers, detail]]) =>
    methods.map((method) => ({
      method,
      kind: kind as Kind,
      status,
      headers,
      body: method === 'HEAD' ? '' : bodyOf(status, detail),
      host: `${crypto.randomUUID()}.example`,
    })),
  )
  const addressOf = ({ kind, host }: { kind: Kind; host: string }) =>
    url(host, kind === 'staticFile' ? staticFile : KINDS[kind])

  beforeAll(async () => {
    if (!after) return
    for (const cell of cells) await fetchFrom(worker)(addressOf(cell))
    if (after === 'an outage') {
      database.neon.inject('refused')
      await setTimeout(PAST_MAX_AGE_MS)
    }
  })
  afterAll(() => database.neon.inject('none'))

  it.each(cells)('of $method $kind: $status', async (cell) => {
    const { kind, method, host, status, headers, body } = cell
    // Browsers send no token for pages, and Cloudflare does not cache responses to requests with one.
    const isPage = ['explorer', 'docs', 'staticFile'].includes(kind)
    const all = { ...sent?.headers, ...(isPage && { Authorization: '' }) }
    const answer = await fetchFrom(worker)(addressOf(cell), { method, headers: all })
    expect([...withoutHost(answer, host), answer.body]).toEqual([status, headers, body])
  })
})

describe('If-None-Match', () => {
  type Tagged = Exclude<Kind, 'livez' | 'readyz' | 'nothing'>
  const worker = (status: 200 | 304) => ({ ...allOfCatalog(status), openApi: status })
  /** Compared by Cloudflare. */
  const assets = (status: 200 | 304) => ({ explorer: status, docs: status, staticFile: status })

  const FORMS: Record<string, [of: (etag: string) => string, Record<Tagged, 200 | 304>]> = {
    'the tag': [(etag) => etag, { ...worker(304), ...assets(304) }],
    'the weak tag': [(etag) => `W/${etag}`, { ...worker(304), ...assets(304) }],
    'any tag': [() => '*', { ...worker(304), ...assets(200) }],
    'the first of a list': [(etag) => `${etag}, "b"`, { ...worker(304), ...assets(200) }],
    'the last of a list': [(etag) => `"a" ,W/"b",W/${etag}`, { ...worker(304), ...assets(200) }],
    'another tag': [() => '"a"', { ...worker(200), ...assets(200) }],
    'a list of other tags': [() => '"a", W/"b"', { ...worker(200), ...assets(200) }],
    'a tag with the same end': [
      (etag) => etag.replace('"', '"a'),
      { ...worker(200), ...assets(200) },
    ],
    'its prefix': [(etag) => `${etag.slice(0, -2)}"`, { ...worker(200), ...assets(200) }],
    'the tag without quotes': [
      (etag) => etag.replaceAll('"', ''),
      { ...worker(200), ...assets(200) },
    ],
    'a quoted star': [() => '"*"', { ...worker(200), ...assets(200) }],
    nothing: [() => '', { ...worker(200), ...assets(200) }],
  }
  const cells = Object.entries(FORMS).flatMap(([form, [of, expected]]) =>
    Object.entries(expected).map(([kind, status]) => ({ form, of, kind: kind as Tagged, status })),
  )
  const Authorization = ''

  it.each(cells)('is $form of $kind: $status', async ({ of, kind, status }) => {
    const isOpen = ['openApi', 'explorer', 'docs', 'staticFile'].includes(kind)
    const url = `https://conditional.example${kind === 'staticFile' ? staticFile : KINDS[kind]}`
    const headers = isOpen ? { Authorization } : {}
    const { fetch } = workers.normal
    const full = await fetch(url, { headers })
    const etag = full.headers.etag ?? ''
    const answer = await fetch(url, { headers: { ...headers, 'If-None-Match': of(etag) } })
    expect(etag).toMatch(/^"[\w-]{32,43}"$/)
    expect([answer.status, answer.headers.etag]).toEqual([status, etag])
    expect(answer.body).toBe(status === 304 ? '' : full.body)
  })
})
