/** How the Worker handles each of Neon's responses: status, calls, log line. */

import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Answer, NEON_ANSWERS } from '../../../tools/neon-local/faults.ts'
import {
  collectLogs,
  newHost,
  resetCatalog,
  spyOnNetwork,
  startIsolate,
} from '../../harness/worker.ts'

const SECOND_MS = 1000
const LIMIT_MS = 5000
const UNAVAILABLE = { status: 503, retryAfter: '5', detail: 'Service Unavailable' }
const TOO_LARGE = {
  status: 422,
  retryAfter: null,
  detail: [
    expect.objectContaining({ loc: ['query', 'page[size]'], type: 'value_error.page_bytes' }),
  ],
}

let log: ReturnType<typeof collectLogs>

beforeAll(() => resetCatalog([{}]))
beforeEach(() => {
  log = collectLogs()
  vi.useFakeTimers({ toFake: ['Date'] })
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

function respond({ status, headers, body }: Answer): Response {
  return new Response(body, { status, headers })
}

async function outcome(response: Response) {
  const { detail } = await response.json<{ detail: unknown }>()
  return { status: response.status, retryAfter: response.headers.get('Retry-After'), detail }
}

type Row = {
  fault: keyof typeof NEON_ANSWERS
  calls: number
  logged: { httpStatus: number; sqlState?: string; reason: string }
  client?: typeof UNAVAILABLE | typeof TOO_LARGE
  /** If true, later requests for stored pages do not wait for the database. */
  isOutage?: boolean
}

/** The rows of the table of Neon's answers. */
const ROWS: Row[] = [
  {
    fault: 'neon-stopped',
    calls: 1,
    logged: { httpStatus: 500, reason: "Couldn't connect to compute node" },
  },
  {
    fault: 'neon-starting',
    calls: 1,
    logged: { httpStatus: 500, sqlState: '57P03', reason: 'the database system is starting up' },
  },
  {
    fault: 'neon-too-many-clients',
    calls: 1,
    logged: { httpStatus: 500, sqlState: '53300', reason: 'sorry, too many clients already' },
  },
  {
    fault: 'neon-too-many-attempts',
    calls: 1,
    logged: {
      httpStatus: 500,
      reason:
        'Failed to acquire permit to connect to the database. Too many database connection attempts are currently ongoing.',
    },
  },
  {
    fault: 'neon-connection-closed',
    calls: 2,
    logged: { httpStatus: 400, reason: 'connection closed' },
  },
  {
    fault: 'neon-connection-reset',
    calls: 2,
    logged: {
      httpStatus: 500,
      reason: 'error communicating with the server: Connection reset by peer (os error …)',
    },
  },
  {
    fault: 'neon-terminated',
    calls: 2,
    logged: {
      httpStatus: 400,
      sqlState: '57P01',
      reason: 'terminating connection due to administrator command',
    },
  },
  {
    fault: 'neon-wrong-password',
    calls: 1,
    logged: { httpStatus: 400, reason: 'password authentication failed for user …' },
  },
  {
    fault: 'neon-password-changed',
    calls: 1,
    logged: {
      httpStatus: 500,
      sqlState: '28P01',
      reason: 'password authentication failed for user …',
    },
  },
  {
    fault: 'neon-database-missing',
    calls: 1,
    logged: { httpStatus: 400, sqlState: '3D000', reason: 'database … does not exist' },
  },
  {
    fault: 'neon-statement-timeout',
    calls: 1,
    isOutage: false,
    logged: {
      httpStatus: 400,
      sqlState: '57014',
      reason: 'canceling statement due to statement timeout',
    },
  },
  {
    fault: 'neon-permission-denied',
    calls: 1,
    isOutage: false,
    logged: { httpStatus: 400, sqlState: '42501', reason: 'permission denied for table assets' },
  },
  {
    fault: 'neon-table-missing',
    calls: 1,
    isOutage: false,
    logged: { httpStatus: 400, sqlState: '42P01', reason: 'relation … does not exist' },
  },
  {
    fault: 'neon-answer-too-large',
    calls: 1,
    isOutage: false,
    client: TOO_LARGE,
    logged: { httpStatus: 507, reason: 'response is too large (max is … bytes)' },
  },
  {
    fault: 'neon-request-too-large',
    calls: 1,
    isOutage: false,
    logged: { httpStatus: 413, reason: 'request is too large (max is … bytes)' },
  },
  {
    fault: 'neon-rate-limit',
    calls: 1,
    logged: {
      httpStatus: 500,
      reason: 'Too many connections to this endpoint. Please try again later.',
    },
  },
  {
    fault: 'neon-quota',
    calls: 1,
    logged: {
      httpStatus: 500,
      reason:
        'Your project has exceeded the data transfer quota. Upgrade your plan to increase limits.',
    },
  },
  {
    fault: 'neon-endpoint-disabled',
    calls: 1,
    logged: {
      httpStatus: 400,
      reason: 'The endpoint has been disabled. Enable it using Neon API and retry.',
    },
  },
  {
    fault: 'neon-project-busy',
    calls: 1,
    logged: {
      httpStatus: 500,
      reason: 'Project already has running operations, please try again later.',
    },
  },
]

it('the table covers every response of Neon', () => {
  expect(ROWS.map(({ fault }) => fault)).toEqual(Object.keys(NEON_ANSWERS))
})

describe.each(ROWS)('$fault', ({ fault, calls, logged, client = UNAVAILABLE, isOutage = true }) => {
  it('is answered, retried and logged as in the table', async () => {
    const network = spyOnNetwork().mockImplementation(async () => respond(NEON_ANSWERS[fault]))
    const { fetch } = await startIsolate()
    expect(await outcome(await fetch(`${newHost()}/datasets`))).toEqual(client)
    expect(network).toHaveBeenCalledTimes(calls)
    expect(log.of('database call failed')).toEqual([
      {
        level: 'error',
        message: 'database call failed',
        error: 'NeonError',
        ...logged,
        neonRequestId: 'injected-fault',
        ms: 0,
        retries: calls - 1,
      },
    ])
    expect(log.of('request')).toMatchObject([{ databaseRetries: calls - 1 }])
  })

  it(`${isOutage ? 'counts' : 'does not count'} as an outage`, async () => {
    const { fetch } = await startIsolate()
    const url = `${newHost()}/assets`
    await fetch(url)
    vi.setSystemTime(Date.now() + 61 * SECOND_MS)
    spyOnNetwork().mockImplementation(async () => respond(NEON_ANSWERS[fault]))
    await fetch(`${url}?status=pending`)
    expect((await fetch(url)).status).toBe(client === TOO_LARGE ? 422 : 200)
    const [, , last] = log.of('request')
    expect('databaseMs' in (last ?? {})).toBe(!isOutage)
  })
})

function never(): Promise<Response> {
  return Promise.reject(new TypeError('connection reset'))
}

function brokenBody(): Response {
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('{"rows":['))
      controller.error(new TypeError('connection reset'))
    },
  })
  return new Response(body)
}

const RETRIED: [name: string, fail: () => Promise<Response>][] = [
  ['a network error', never],
  ['a body that breaks off', async () => brokenBody()],
  ['a 502 with a page of HTML', async () => new Response('<html>', { status: 502 })],
  ['a 503', async () => new Response('', { status: 503 })],
  ['a 504', async () => new Response('', { status: 504 })],
  ['a lost connection', async () => respond(NEON_ANSWERS['neon-connection-closed'])],
  ['a connection that was reset', async () => respond(NEON_ANSWERS['neon-connection-reset'])],
  ['a terminated connection', async () => respond(NEON_ANSWERS['neon-terminated'])],
]

describe('a retry', () => {
  it.each(RETRIED)('succeeds after %s', async (_name, fail) => {
    const network = spyOnNetwork().mockImplementationOnce(fail)
    const { fetch } = await startIsolate()
    expect((await fetch(`${newHost()}/assets`)).status).toBe(200)
    expect(network).toHaveBeenCalledTimes(2)
    expect(log.of('request')).toMatchObject([{ databaseRetries: 1 }])
    expect(log.of('database call failed')).toEqual([])
  })

  it.each([
    ['is sent while a fifth of the time limit is left', LIMIT_MS * 0.8, 2, 200],
    ['is not sent once less is left', LIMIT_MS * 0.8 + 1, 1, 503],
  ])('%s', async (_name, failedAfterMs, calls, status) => {
    const network = spyOnNetwork().mockImplementationOnce(() => {
      vi.setSystemTime(Date.now() + failedAfterMs)
      return never()
    })
    const { fetch } = await startIsolate({ DATABASE_TIMEOUT_MS: LIMIT_MS })
    expect((await fetch(`${newHost()}/assets`)).status).toBe(status)
    expect(network).toHaveBeenCalledTimes(calls)
  })

  it('is sent once, and its failure is logged', async () => {
    const network = spyOnNetwork()
      .mockImplementationOnce(never)
      .mockImplementation(async () => respond(NEON_ANSWERS['neon-starting']))
    const { fetch } = await startIsolate()
    expect((await fetch(`${newHost()}/assets`)).status).toBe(503)
    expect(network).toHaveBeenCalledTimes(2)
    expect(log.of('database call failed')).toMatchObject([
      { httpStatus: 500, sqlState: '57P03', retries: 1 },
    ])
  })
})

it('counts the retries of calls at the same time apart', async () => {
  spyOnNetwork().mockImplementationOnce(never)
  const { fetch } = await startIsolate()
  const host = newHost()
  const pages = ['status=saved', 'status=pending', 'status=failed'].map((filter) =>
    fetch(`${host}/assets?${filter}`),
  )
  expect((await Promise.all(pages)).map(({ status }) => status)).toEqual([200, 200, 200])
  const retries = log.of('request').map((line) => line.databaseRetries)
  expect(retries.toSorted()).toEqual([0, 0, 1])
})

describe('the log line of a failed call', () => {
  it.each([
    ['a network error', never, { error: 'TypeError' }],
    ['a body that breaks off', async () => brokenBody(), { error: 'TypeError', httpStatus: 200 }],
    [
      'HTML',
      async () => new Response('<html>', { headers: { 'Neon-Request-Id': 'of-nobody' } }),
      { error: 'SyntaxError', httpStatus: 200, neonRequestId: 'of-nobody' },
    ],
    [
      'HTML of a gateway',
      async () => new Response('<html>hunter2', { status: 502 }),
      { error: 'NeonError', httpStatus: 502 },
    ],
    [
      'an invalid request id',
      async () =>
        new Response('', { status: 502, headers: { 'Neon-Request-Id': 'Bearer hunter2' } }),
      { error: 'NeonError', httpStatus: 502 },
    ],
  ])('describes %s', async (_name, fail, expected) => {
    spyOnNetwork().mockImplementation(fail)
    const { fetch } = await startIsolate()
    await fetch(`${newHost()}/assets`)
    const [line] = log.of('database call failed')
    const { level, message, ms, retries, ...fields } = line ?? {}
    expect(fields).toEqual(expected)
  })

  it.each([
    ['a network error', never],
    ['a refused statement', async () => respond(NEON_ANSWERS['neon-permission-denied'])],
    ['HTML', async () => new Response('<html>')],
  ])('has neither SQL nor parameters after %s, and neither has the answer', async (_name, fail) => {
    spyOnNetwork().mockImplementation(fail)
    const { fetch } = await startIsolate()
    const response = await fetch(`${newHost()}/assets?dataset=my_dataset&page[size]=317`)
    const texts = [JSON.stringify(log.of('database call failed')), await response.text()]
    for (const text of texts) expect(text).not.toMatch(/select|my_dataset|317/i)
  })

  it.each([
    ['invalid input syntax for type uuid: "hunter2"', 'invalid input syntax for type uuid: …'],
    ['value "it\'s "hunter2" here" is wrong', 'value … is wrong'],
    ['a quote that "hunter2 does not close', 'a quote that …'],
    ["user 'hunter2' isn't known", 'user …t known'],
    ["you don't have access", "you don't have access"],
    ['no compute for postgres://owner:hunter2@db now', 'no compute for … now'],
    ['option password=hunter2 refused', 'option … refused'],
    [`token eyJhbGciOiJIUzI1NiJ9.${'hunter2'.repeat(9)} refused`, 'token … refused'],
    ['line 12 of 3000', 'line … of …'],
    [`${'word '.repeat(100)}`, `${'word '.repeat(40)}`],
  ])('removes secrets from "%s"', async (message, reason) => {
    spyOnNetwork().mockImplementation(async () =>
      Response.json({ message, code: '' }, { status: 400 }),
    )
    const { fetch } = await startIsolate()
    await fetch(`${newHost()}/assets`)
    expect(log.of('database call failed')).toMatchObject([{ httpStatus: 400, reason }])
  })
})
