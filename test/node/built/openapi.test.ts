/** Compares the OpenAPI document with the answers of the built Worker. */

import { createConfig, lintFromString } from '@redocly/openapi-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { unstable_readConfig } from 'wrangler'
import { settingsSchema } from '../../../src/settings.ts'
import { importCatalog } from '../../../tools/catalog/import.ts'
import { signToken } from '../../../tools/token.ts'
import { AUTH_SECRET } from '../../../tools/workerd.ts'
import { type BuiltDatabase, startBuiltDatabase } from '../../harness/built-database.ts'
import {
  type Answer,
  type BuiltWorker,
  type Sent,
  startBuiltWorker,
} from '../../harness/built-worker.ts'
import { readCatalogFile } from '../../harness/catalog-items.ts'

/** The host of the examples. */
const ORIGIN = 'https://api.example'

type ParameterSchema = {
  $ref?: string
  type: string
  default?: number
  minimum?: number
  maximum?: number
  maxLength?: number
  pattern?: string
  enum?: string[]
}
type Parameter = {
  name: string
  in: 'query' | 'path' | 'header'
  schema: ParameterSchema
  example?: string | number | boolean
}
type ResponseObject = {
  description: string
  headers: Record<string, unknown>
  content?: { 'application/json': { example?: unknown } }
}
type Operation = {
  summary: string
  description: string
  security?: unknown[]
  parameters?: Parameter[]
  responses: Record<string, ResponseObject>
}
type Document = {
  info: { description: string }
  paths: Record<string, { get: Operation }>
  components: {
    schemas: Record<string, ParameterSchema>
    headers: Record<string, { description: string; required?: true }>
    responses: Record<string, ResponseObject>
  }
}

const running = new AsyncDisposableStack()
let database: BuiltDatabase
let worker: BuiltWorker
let broken: BuiltWorker
let document: Document

beforeAll(async () => {
  database = await startBuiltDatabase()
  running.defer(() => database.close())
  await importCatalog(database.url, await readCatalogFile('catalog/gfw-catalog.json'))
  worker = await startBuiltWorker({ vars: { DATABASE_URL: database.connectionString } })
  running.defer(() => worker.close())
  broken = await startBuiltWorker({ isBroken: true })
  running.defer(() => broken.close())
  document = JSON.parse((await worker.fetch(`${ORIGIN}/openapi.json`)).body)
})

afterAll(() => running.disposeAsync())

function operation(path: string): Operation {
  const described = document.paths[path]
  if (!described) throw new Error(`${path} is not described`)
  return described.get
}

function exampleOf(response: ResponseObject | undefined): unknown {
  return response?.content?.['application/json'].example
}

/** Headers that every such answer has, in lower case. */
function requiredHeaders(response: ResponseObject | undefined): string[] {
  return Object.keys(response?.headers ?? {})
    .filter((name) => document.components.headers[name]?.required)
    .map((name) => name.toLowerCase())
}

/** The URL of an operation, with the examples of its path parameters. */
function urlOf(path: string): string {
  const examples = examplesOf(path, 'path')
  return ORIGIN + path.replace(/\{(\w+)\}/g, (_, name) => examples[name] ?? 'no example')
}

/** The URL of an operation, with the examples of all its parameters. */
function requestOf(path: string): string {
  return `${urlOf(path)}?${new URLSearchParams(examplesOf(path, 'query'))}`
}

/** The examples of an operation's parameters, as text. */
function examplesOf(path: string, place: Parameter['in']): Record<string, string> {
  const { parameters = [] } = operation(path)
  const placed = parameters.filter((parameter) => parameter.in === place)
  return Object.fromEntries(placed.map(({ name, example }) => [name, `${example}`]))
}

const CATALOG_PATHS = [
  '/assets',
  '/asset/{asset_id}',
  '/asset/{asset_id}/tilejson.json',
  '/datasets',
  '/dataset/{dataset}',
  '/dataset/{dataset}/{version}',
  '/dataset/{dataset}/{version}/assets',
  '/dataset/{dataset}/{version}/tilejson.json',
]
const OPEN_PATHS = ['/livez', '/readyz', '/openapi.json']

it('describes these operations', () => {
  expect(Object.keys(document.paths)).toEqual([...CATALOG_PATHS, ...OPEN_PATHS])
})

describe('its linter', () => {
  /** Rule and place of each problem that the linter finds. */
  async function lint(document: unknown): Promise<[rule: string, pointer: string | undefined][]> {
    const config = await createConfig({
      extends: ['recommended'],
      rules: {
        'no-invalid-media-type-examples': 'error',
        'no-invalid-parameter-examples': 'error',
        // These are what Spectral's `oas` rules demand beside them.
        'info-contact': 'error',
        'info-license': 'error',
        'no-server-trailing-slash': 'error',
        'no-unused-components': 'error',
        'operation-description': 'error',
        'operation-singular-tag': 'error',
        'operation-tag-defined': 'error',
        'parameter-description': 'error',
        'tag-description': 'error',
      },
    })
    const problems = await lintFromString({ source: JSON.stringify(document), config })
    return problems.map(({ ruleId, location }) => [ruleId, location[0]?.pointer])
  }

  it('finds nothing by its recommended rules, examples by their schemas included', async () => {
    expect(await lint(document)).toEqual([])
  })

  it('finds an example that its schema does not allow', async () => {
    const broken = structuredClone(document)
    Object.assign(broken.components.responses, {
      Conflict: {
        ...broken.components.responses.Conflict,
        content: { 'application/json': { schema: { type: 'integer' }, example: 'five' } },
      },
    })
    expect(await lint(broken)).toContainEqual([
      'no-invalid-media-type-examples',
      '#/components/responses/Conflict/content/application~1json/example',
    ])
  })
})

describe('examples', () => {
  it.each([...CATALOG_PATHS, '/livez', '/readyz'])(
    'the example of %s is the answer to the examples of all its parameters',
    async (path) => {
      const example = exampleOf(operation(path).responses['200'])
      const answer = await worker.fetch(requestOf(path), { headers: examplesOf(path, 'header') })
      expect(answer.status).toBe(200)
      expect(JSON.parse(answer.body)).toEqual(await withTimesOfImport(example))
    },
  )

  /** The shipped catalog has no times: those of the example were its import's. */
  async function withTimesOfImport(example: unknown): Promise<unknown> {
    const [row = {}] = await database.query(
      `select to_char(created_on at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as time
       from assets where asset_id = $1 and created_on = updated_on`,
      [examplesOf('/asset/{asset_id}', 'path').asset_id],
    )
    expect(row.time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/)
    const text = JSON.stringify(example)
    return JSON.parse(text.replace(/"(\d{4}-\d\d-\d\dT[^"]*Z)"/g, `"${row.time}"`))
  }

  type Failure = { to: (origin: string) => Promise<Answer>; status: number }
  const ask = (path: string, sent?: Sent) => (origin: string) => worker.fetch(origin + path, sent)
  const askInOutage = (path: string) => async (origin: string) => {
    const down = await startBuiltWorker({
      vars: { DATABASE_URL: 'postgres://test:test-only@127.0.0.1:9/catalog' },
    })
    running.defer(() => down.close())
    return down.fetch(origin + path)
  }

  const FAILURES: Record<string, Failure> = {
    Unauthorized: {
      status: 401,
      to: async (origin) => {
        const token = await signToken({ subject: 'x', expires: '-1h' }, AUTH_SECRET)
        return worker.fetch(`${origin}/assets`, { headers: { Authorization: `Bearer ${token}` } })
      },
    },
    HttpsRequired: { status: 403, to: () => worker.fetch('http://api.example/assets') },
    NotFound: { status: 404, to: ask('/asset/ffffffff-ffff-ffff-ffff-ffffffffffff') },
    MethodNotAllowed: { status: 405, to: ask('/assets', { method: 'POST' }) },
    SeveralTileCaches: {
      status: 409,
      to: ask('/dataset/gfw_oil_palm/v20191031/tilejson.json'),
    },
    Conflict: {
      status: 409,
      to: async (origin) => {
        const { body } = await worker.fetch(
          `${origin}/assets?asset_type=Static%20vector%20tile%20cache&status=pending`,
        )
        const [{ asset_id: id }] = JSON.parse(body).data
        return worker.fetch(`${origin}/asset/${id}/tilejson.json`)
      },
    },
    Unprocessable: { status: 422, to: ask('/assets?page[size]=1001') },
    TooManyRequests: {
      status: 429,
      to: async (origin) => {
        const limited = await startBuiltWorker({
          vars: { DATABASE_URL: database.connectionString },
          rateLimit: 1,
        })
        running.defer(() => limited.close())
        // The limit starts anew with each minute of the clock: of four requests, two are in one.
        for (let n = 0; n < 3; n++) {
          const answer = await limited.fetch(`${origin}/assets?page[size]=0`)
          if (answer.status === 429) return answer
        }
        return limited.fetch(`${origin}/assets?page[size]=0`)
      },
    },
    ServiceUnavailable: { status: 503, to: askInOutage('/assets') },
    NotReady: { status: 503, to: askInOutage('/readyz') },
    Unexpected: { status: 500, to: (origin) => broken.fetch(`${origin}/readyz`) },
  }

  it('of failures are all held against an answer', () => {
    const { NotModified, ...failures } = document.components.responses
    expect(Object.keys(FAILURES).toSorted()).toEqual(Object.keys(failures).toSorted())
    expect(exampleOf(NotModified)).toBe(undefined)
  })

  it.each(Object.entries(FAILURES))('%s is a real answer', async (name, { to, status }) => {
    const response = document.components.responses[name]
    const answer = await to('https://failures.example')
    expect(answer.status).toBe(status)
    expect(JSON.parse(answer.body)).toEqual(exampleOf(response))
    const sent = Object.keys(answer.headers)
    expect(sent).toEqual(expect.arrayContaining(requiredHeaders(response)))
  })
})

describe('parameters', () => {
  const QUERY_OF_PAGES = [
    {
      name: 'page[number]',
      in: 'query',
      description: 'From 1.',
      schema: { type: 'integer', minimum: 1, default: 1 },
      example: 1,
    },
    {
      name: 'page[size]',
      in: 'query',
      description: 'Items per page; never clamped.',
      schema: { type: 'integer', minimum: 1, maximum: 1000, default: 25 },
      example: 25,
    },
  ]
  const IF_NONE_MATCH = {
    name: 'If-None-Match',
    in: 'header',
    description: 'Entity tags of stored responses, or `*`.',
    schema: { type: 'string' },
    example: '"GZ0MBLyyTLyiTqXCW6hTTVvxoPDZS2Yxvm0TJsUVqfk"',
  }
  const X_REQUEST_ID = {
    name: 'X-Request-Id',
    in: 'header',
    description:
      'An id of this request, which its response and its log line repeat if it has at most 255 ' +
      'characters of `A-Z a-z 0-9 _ - =`.',
    schema: { type: 'string' },
    example: 'nightly-crawl-42',
  }
  const ASSET_ID = {
    name: 'asset_id',
    in: 'path',
    required: true,
    description: 'A UUID.',
    schema: { type: 'string', format: 'uuid' },
    example: 'a7b766ef-0594-5826-a9a3-e72bd9d491d2',
  }
  const DATASET = {
    name: 'dataset',
    in: 'path',
    required: true,
    description: 'Name of a dataset.',
    schema: { type: 'string', maxLength: 255, pattern: '^[a-z][a-z0-9_-]{2,}$' },
    example: 'gfw_oil_palm',
  }
  const VERSION = {
    name: 'version',
    in: 'path',
    required: true,
    description: 'A version, with or without its `v`; `latest`: the versions flagged latest.',
    schema: { type: 'string', pattern: '^(v?\\d{1,8}(\\.\\d{1,3}){0,2}|latest)$' },
    example: 'v20191031',
  }
  /** The filters of listings beside `dataset` and `version`. */
  const FILTERS = [
    {
      name: 'asset_type',
      in: 'query',
      description: 'Type of an asset.',
      schema: { $ref: '#/components/schemas/AssetTypeName' },
      example: 'Static vector tile cache',
    },
    {
      name: 'asset_uri',
      in: 'query',
      description: 'Exact match; at most 2048 bytes of UTF-8.',
      schema: { type: 'string', maxLength: 2048 },
      example: 'https://tiles.globalforestwatch.org/gfw_oil_palm/v20191031/default/{z}/{x}/{y}.pbf',
    },
    {
      name: 'is_latest',
      in: 'query',
      description: 'Whether the version is flagged latest.',
      schema: { type: 'boolean' },
      example: false,
    },
    {
      name: 'is_default',
      in: 'query',
      description: 'Whether it is a default asset.',
      schema: { type: 'boolean' },
      example: false,
    },
    {
      name: 'status',
      in: 'query',
      description: 'Only `saved` assets can be used.',
      schema: { $ref: '#/components/schemas/AssetStatus' },
      example: 'saved',
    },
  ]
  const HEADERS = [IF_NONE_MATCH, X_REQUEST_ID]

  it.each<[string, unknown[]]>([
    [
      '/assets',
      [
        {
          name: 'dataset',
          in: 'query',
          description: 'Name of a dataset.',
          schema: { type: 'string', maxLength: 255, pattern: '^[a-z][a-z0-9_-]{2,}$' },
          example: 'gfw_oil_palm',
        },
        {
          name: 'version',
          in: 'query',
          description: 'A version, with or without its `v`; `latest`: the versions flagged latest.',
          schema: { type: 'string', pattern: '^(v?\\d{1,8}(\\.\\d{1,3}){0,2}|latest)$' },
          example: 'v20191031',
        },
        ...FILTERS,
        ...QUERY_OF_PAGES,
        ...HEADERS,
      ],
    ],
    ['/asset/{asset_id}', [ASSET_ID, ...HEADERS]],
    ['/asset/{asset_id}/tilejson.json', [ASSET_ID, ...HEADERS]],
    [
      '/datasets',
      [
        {
          name: 'search',
          in: 'query',
          description:
            'Words that all occur in the name, in any case. Blanks, `-` and `_` separate words: ' +
            '`Tree cover` finds `umd_tree_cover_loss`.',
          schema: { type: 'string', maxLength: 100 },
          example: 'oil palm',
        },
        ...QUERY_OF_PAGES,
        ...HEADERS,
      ],
    ],
    ['/dataset/{dataset}', [DATASET, ...HEADERS]],
    ['/dataset/{dataset}/{version}', [DATASET, VERSION, ...HEADERS]],
    [
      '/dataset/{dataset}/{version}/assets',
      [DATASET, VERSION, ...FILTERS, ...QUERY_OF_PAGES, ...HEADERS],
    ],
    [
      '/dataset/{dataset}/{version}/tilejson.json',
      [DATASET, VERSION, FILTERS[0], FILTERS[1], FILTERS[3], ...HEADERS],
    ],
    ['/livez', [X_REQUEST_ID]],
    ['/readyz', [X_REQUEST_ID]],
    ['/openapi.json', HEADERS],
  ])('of %s', (path, parameters) => {
    expect(operation(path).parameters).toEqual(parameters)
  })

  /** Values that a schema allows, and values that it does not: at each bound, and one beyond. */
  function valuesOf({ schema }: Parameter): { allowed: string[]; refused: string[] } {
    const { type, minimum, maximum, maxLength, pattern, $ref = '' } = schema
    const named = document.components.schemas[$ref.slice('#/components/schemas/'.length)]
    if (named?.enum) return { allowed: named.enum, refused: ['', 'none', 'CSV'] }
    if (type === 'boolean') return { allowed: ['true', 'false'], refused: ['', 'maybe'] }
    if (type === 'integer') {
      const bounds = [minimum ?? 0, ...(maximum ? [maximum] : [])]
      const beyond = [(minimum ?? 0) - 1, ...(maximum ? [maximum + 1] : [])]
      return { allowed: bounds.map(String), refused: ['', 'x', ...beyond.map(String)] }
    }
    const matches = new RegExp(pattern ?? '', 'u')
    const candidates = [
      'abc',
      'ab',
      'a-_9',
      '9abc',
      'Abc',
      'latest',
      'later',
      'v1',
      '1.8',
      'v1.8.9',
      'v1.2.3.4',
    ]
    candidates.push('v12345678', 'v123456789', 'v1.999', 'v1.1000', 'x'.repeat(maxLength ?? 0))
    candidates.push('x'.repeat((maxLength ?? 0) + 1))
    const isAllowed = (value: string) =>
      matches.test(value) && value.length <= (maxLength ?? Number.POSITIVE_INFINITY)
    return {
      allowed: candidates.filter(isAllowed),
      refused: candidates.filter((value) => !isAllowed(value)),
    }
  }

  const LISTINGS = ['/assets', '/datasets', '/dataset/{dataset}/{version}/assets']
  describe.each(LISTINGS)('of the query of %s', (path) => {
    it('are read within their bounds, refused beyond them, and no others are read', async () => {
      const query =
        operation(path).parameters?.filter((parameter) => parameter.in === 'query') ?? []
      const names: string[] = []
      for (const parameter of query) {
        const { name } = parameter
        const send = (value: string) =>
          worker.fetch(`${urlOf(path)}?${new URLSearchParams({ [name]: value })}`)
        const { allowed, refused } = valuesOf(parameter)
        expect(allowed, name).not.toEqual([])
        expect(refused, name).not.toEqual([])
        for (const value of allowed) {
          const answer = await send(value)
          expect([name, value, answer.status]).toEqual([name, value, 200])
          const { links } = JSON.parse(answer.body)
          expect(new URL(links.self).searchParams.has(name), `${name} is read`).toBe(true)
        }
        for (const value of refused) {
          const answer = await send(value)
          expect([name, value, answer.status]).toEqual([name, value, 422])
          expect(JSON.parse(answer.body).detail[0].loc).toEqual(['query', name])
        }
        names.push(name)
      }
      // All that is read is in the link of a page, in this order.
      const all = new URLSearchParams(
        query
          .toReversed()
          .map((parameter): [string, string] => [
            parameter.name,
            parameter.name === 'page[number]' ? '1' : (valuesOf(parameter).allowed[0] ?? ''),
          ]),
      )
      const { links } = JSON.parse((await worker.fetch(`${urlOf(path)}?${all}`)).body)
      expect([...new URL(links.self).searchParams.keys()]).toEqual(names)
    })

    it('have the defaults that are described', async () => {
      const { links } = JSON.parse((await worker.fetch(urlOf(path))).body)
      const defaults = operation(path)
        .parameters?.filter(({ schema }) => schema.default !== undefined)
        .map(({ name, schema }) => [name, `${schema.default}`])
      expect([...new URL(links.self).searchParams]).toEqual(defaults)
    })
  })

  it.each([...CATALOG_PATHS, ...OPEN_PATHS])(
    'X-Request-Id of %s is kept within its limits, and otherwise replaced',
    async (path) => {
      const kept = ['a', 'A-1_b=c', 'x'.repeat(255)]
      for (const id of [...kept, 'x'.repeat(256), 'a b', 'a.b', '']) {
        const answer = await worker.fetch(requestOf(path), { headers: { 'X-Request-Id': id } })
        const isKept = answer.headers['x-request-id'] === id
        expect([id, answer.status, isKept]).toEqual([id, 200, kept.includes(id)])
      }
    },
  )

  it.each([...CATALOG_PATHS, ...OPEN_PATHS])(
    'If-None-Match is described for %s if it is read',
    async (path) => {
      const described = operation(path).parameters?.some(({ name }) => name === 'If-None-Match')
      const { status } = await worker.fetch(requestOf(path), { headers: { 'If-None-Match': '*' } })
      expect(status).toBe(described ? 304 : 200)
    },
  )

  it.each([...CATALOG_PATHS, ...OPEN_PATHS])(
    'a token is required of %s if it is described',
    async (path) => {
      const isOpen = operation(path).security?.length === 0
      const { status } = await worker.fetch(requestOf(path), { headers: { Authorization: '' } })
      expect(status).toBe(isOpen ? 200 : 401)
    },
  )
})

describe('headers', () => {
  /** Those of browsers' policies, which are the same for every answer. */
  const POLICIES = [
    'access-control-allow-origin',
    'access-control-expose-headers',
    'content-type',
    'cross-origin-resource-policy',
    'referrer-policy',
    'strict-transport-security',
    'timing-allow-origin',
    'x-content-type-options',
    'x-frame-options',
  ]

  const cells = [
    ...[...CATALOG_PATHS, ...OPEN_PATHS].map((path) => ({ path, status: '200' })),
    ...[...CATALOG_PATHS, '/openapi.json'].map((path) => ({ path, status: '304' })),
  ]
  it.each(cells)('of $status of $path are all described', async ({ path, status }) => {
    const headers = status === '304' ? { 'If-None-Match': '*' } : {}
    const answer = await worker.fetch(requestOf(path), { headers })
    expect(`${answer.status}`).toBe(status)
    const described = operation(path).responses[status]
    const response = resolve(described)
    const sent = Object.keys(answer.headers).filter((name) => !POLICIES.includes(name))
    expect(sent.toSorted()).toEqual(requiredHeaders(response).toSorted())
  })

  function resolve(response: (ResponseObject & { $ref?: string }) | undefined): ResponseObject {
    const name = response?.$ref?.split('/').at(-1)
    const found = name ? document.components.responses[name] : response
    if (!found) throw new Error('not described')
    return found
  }

  /** The values in backquotes in the description of a header. */
  function quoted(name: string): string[] {
    const { description } = document.components.headers[name] ?? { description: '' }
    return [...description.matchAll(/`([^`]*)`/g)].map(([, text]) => text ?? '')
  }

  const queryCells = ['/assets', '/datasets'].flatMap((path) => [
    { path, status: '200', query: 'limit=5' },
    { path, status: '304', query: 'limit=5' },
    { path, status: '422', query: 'limit=5&page[size]=0' },
  ])
  it.each(queryCells)('Ignored-Parameters of $status of $path is described', async (cell) => {
    const { path, status, query } = cell
    const headers = status === '304' ? { 'If-None-Match': '*' } : {}
    const answer = await worker.fetch(`${urlOf(path)}?${query}`, { headers })
    expect([`${answer.status}`, answer.headers['ignored-parameters']]).toEqual([status, 'limit'])
    const response = resolve(operation(path).responses[status])
    expect(Object.keys(response.headers)).toContain('Ignored-Parameters')
  })

  it('Cache-Control names every value that is sent', async () => {
    const answers = await Promise.all(
      ['/assets', '/openapi.json', '/nowhere'].map((path) => worker.fetch(ORIGIN + path)),
    )
    expect(quoted('Cache-Control')).toEqual(answers.map(({ headers }) => headers['cache-control']))
  })

  it('Cache-Status shows every form that is sent', async () => {
    const brief = await startBuiltWorker({
      vars: {
        DATABASE_URL: database.neon.connectionString,
        REVISION_FRESH_SECONDS: 0,
        REVISION_MAX_AGE_SECONDS: 0,
      },
    })
    running.defer(() => brief.close())
    const url = 'https://cache-status.example/datasets'
    const miss = await worker.fetch(url)
    const hit = await worker.fetch(url)
    await brief.fetch(url)
    database.neon.inject('refused')
    const stale = await brief.fetch(url)
    database.neon.inject('none')
    const [name, ...shown] = quoted('Cache-Status').map((text) => text.replace(/\d+/, 'N'))
    const sent = [hit, stale, miss].map(({ headers }) => headers['cache-status'])
    expect([name, ...shown]).toEqual(sent.map((text) => text?.replace(/\d+/, 'N')))
  })

  it('Server-Timing, Vary and Allow name what is sent', async () => {
    const { headers } = await worker.fetch(`https://${crypto.randomUUID()}.example/assets`)
    const timings = headers['server-timing']?.split(',').map((entry) => entry.split(';')[0])
    expect(quoted('Server-Timing')).toEqual(timings)
    expect(quoted('Vary')).toEqual([headers.vary])
    const refused = await worker.fetch(`${ORIGIN}/assets`, { method: 'PUT' })
    expect(quoted('Allow')).toEqual([refused.headers.allow])
  })

  it('Link names every relation that is sent, and how many TileJSONs at most', async () => {
    const paths = [
      '/assets?page[size]=2&page[number]=2',
      new URL(urlOf('/asset/{asset_id}')).pathname,
    ]
    const links = await Promise.all(
      [...paths, '/assets?page[size]=1000'].map(
        async (path) => (await worker.fetch(ORIGIN + path)).headers.link ?? '',
      ),
    )
    const relations = links.map((link) =>
      [...link.matchAll(/rel="([^"]*)"/g)].map(([, relation]) => relation ?? ''),
    )
    expect(new Set(quoted('Link'))).toEqual(new Set(relations.flat()))
    const { description } = document.components.headers.Link ?? { description: '' }
    const most = relations.map((all) => all.filter((relation) => relation === 'tilejson').length)
    expect(description).toContain(`of ${Math.max(...most)} assets of a page at most`)
    expect(description).toContain('Under 4 KiB')
  })
})

describe('limits in texts', () => {
  const { ratelimits } = unstable_readConfig({ config: 'wrangler.toml' }, { hideWarnings: true })

  it('requests a minute are those of wrangler.toml', () => {
    expect(ratelimits).toMatchObject([{ name: 'RATE_LIMITER', simple: { limit: 600, period: 60 } }])
    expect(document.components.responses).toMatchObject({
      TooManyRequests: {
        description: expect.stringContaining(
          'More than 600 requests a minute of one token subject',
        ),
      },
    })
  })

  it('the freshness promise is the default of its setting', () => {
    expect(settingsSchema.shape.REVISION_MAX_AGE_SECONDS.parse(undefined)).toBe(60)
    expect(document.info.description).toContain('A change of the catalog is visible within 60 s')
  })

  it('a probe has the limits that it has', () => {
    expect(operation('/readyz').description).toBe(
      'It has to answer within 5 seconds; the result is kept for 30.',
    )
  })

  it('the bytes of a page are those that an answer names', async () => {
    const [row] = await database.query(
      'select dataset from assets group by 1 having count(*) > 6 limit 1',
    )
    await database.query(
      `update assets set metadata = jsonb_build_object('tags', jsonb_build_array(repeat('x', 1000000)))
       where dataset = $1`,
      [row?.dataset],
    )
    const { status, body } = await worker.fetch(
      `https://bytes.example/assets?dataset=${row?.dataset}&page[size]=1000`,
    )
    expect([status, JSON.parse(body).detail[0].type]).toEqual([422, 'value_error.page_bytes'])
    const [size] = /\d+ MiB/.exec(JSON.parse(body).detail[0].msg) ?? []
    expect(size).toBe('6 MiB')
    expect(document.components.responses).toMatchObject({
      Unprocessable: { description: expect.stringContaining(`assets over ${size},`) },
    })
  })
})
