/** The Worker as deployed, with a database that fails in every known way. */

import { setTimeout } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { FAULTS, type Fault, NEON_ANSWERS, ONCE } from '../../../tools/neon-local/faults.ts'
import { type FaultyNeon, serveFaultyNeon } from '../../../tools/neon-local/faulty-neon.ts'
import { serveNeonLocal } from '../../../tools/neon-local/neon-local.ts'
import { createMutex, type Mutex } from '../../../tools/pglite/mutex.ts'
import { signToken } from '../../../tools/token.ts'
import { AUTH_SECRET, startWorkers } from '../../../tools/workerd.ts'
import { checkAnswer, checkAnswersBy } from '../../harness/contract.ts'
import { servePreparedPglite } from '../../harness/prepared-database.ts'
import { expectNoSecrets } from '../../harness/secrets.ts'
import { bundledWorker } from '../../harness/worker-bundle.ts'

/** Met only by calls that are never answered. */
const TIMEOUT_MS = 60_000
/** Shorter than `ENDLESS_FAULTS` take, so that every call meets it. */
const SHORT_TIMEOUT_MS = 2000
const ENDLESS_FAULTS: readonly string[] = ['hang', 'hang-mid-body', 'slow', 'neon-stopped']
const WAIT_OPTIONS = { timeout: 100_000, interval: 100 }
const FRESH_SECONDS = 1
const MAX_AGE_SECONDS = 1
const PAST_MAX_AGE_MS = MAX_AGE_SECONDS * 1000 + 200
const VARS = {
  REVISION_FRESH_SECONDS: FRESH_SECONDS,
  REVISION_MAX_AGE_SECONDS: MAX_AGE_SECONDS,
}
/** Neon's faults that differ in time or kind; `test/worker/db/neon-call.test.ts` covers all. */
const NEON_FAULTS = [
  'neon-stopped',
  'neon-too-many-clients',
  'neon-connection-closed',
  'neon-wrong-password',
  'neon-statement-timeout',
] as const
const OTHER_FAULTS = FAULTS.filter(
  (fault) => fault !== 'none' && !(fault in ONCE) && !(fault in NEON_ANSWERS),
)
const LASTING_FAULTS: readonly Fault[] = [...OTHER_FAULTS, ...NEON_FAULTS]
// Boundary: `Object.keys` is typed for objects that may have more keys than their type says.
const PASSING_FAULTS = Object.keys(ONCE) as (keyof typeof ONCE)[]
/** SQL that breaks a migrated database, and SQL that repairs it. */
const UNMIGRATED = [
  [
    'a dropped table',
    'alter table assets rename to dropped',
    'alter table dropped rename to assets',
  ],
  [
    'a dropped revision',
    'alter table catalog_revision rename to dropped',
    'alter table dropped rename to catalog_revision',
  ],
  [
    'an empty database',
    'alter schema public rename to dropped; create schema public',
    'drop schema public; alter schema dropped rename to public',
  ],
] as const
const UNAVAILABLE = { detail: 'Service Unavailable' }

/** Workers shared by the tests; each endless fault has its own. */
const SHARED = ['first', 'second', 'third'] as const

// The tests mostly wait.
vi.setConfig({ maxConcurrency: LASTING_FAULTS.length + PASSING_FAULTS.length })

const running = new AsyncDisposableStack()
const endpoints = new Map<string, { neon: FaultyNeon; mutex: Mutex }>()
let origins: Record<string, string>
let lent = 0
let headers: Record<string, string>
let database: pg.Pool

beforeAll(async () => {
  const postgres = await servePreparedPglite('migrated')
  running.defer(() => postgres.close())
  const local = await serveNeonLocal({ databaseUrl: postgres.url })
  running.defer(() => local.close())
  database = new pg.Pool({ connectionString: postgres.url, max: 1 })
  running.defer(() => database.end())
  const vars: Record<string, Record<string, string | number>> = {}
  for (const name of [...SHARED, ...ENDLESS_FAULTS]) {
    const neon = await serveFaultyNeon({ endpoint: local.connectionString })
    running.defer(() => neon.close())
    endpoints.set(name, { neon, mutex: createMutex() })
    vars[name] = {
      ...VARS,
      DATABASE_TIMEOUT_MS: isEndless(name) ? SHORT_TIMEOUT_MS : TIMEOUT_MS,
      DATABASE_URL: neon.connectionString,
    }
  }
  const workers = await startWorkers(await bundledWorker(), vars, {
    onLog(line) {
      logged.push(line)
      if (line.includes('database call failed')) failedCalls++
    },
  })
  running.defer(() => workers.close())
  origins = workers.origins
  await checkAnswersBy(await fetch(`${origins[SHARED[0]]}/openapi.json`))
  const token = await signToken({ subject: 'tester', expires: '1h' }, AUTH_SECRET)
  headers = { Authorization: `Bearer ${token}` }
})

/** Log lines since the last test ended; concurrent tests share them. */
const logged: string[] = []
let failedCalls = 0

afterEach(() => expectNoSecrets(logged.splice(0), [AUTH_SECRET, 'development-only@']))
afterAll(() => running.disposeAsync())

type Answer = {
  status: number
  headers: Headers
  cacheStatus: string | null
  body: unknown
  /** Its path and status in the OpenAPI document, which it matches. */
  described: string | undefined
}

function isEndless(fault: string): boolean {
  return ENDLESS_FAULTS.includes(fault)
}

/** Lends a Worker and its endpoint to a test. `get` checks each answer, and that it is not a 500. */
async function lendWorker(fault = '') {
  const name = isEndless(fault) ? fault : (SHARED[lent++ % SHARED.length] ?? '')
  const [origin, endpoint] = [origins[name], endpoints.get(name)]
  if (!origin || !endpoint) throw new Error(`no Worker is named ${name}`)
  const { neon, mutex } = endpoint
  const release = await mutex.acquire()
  async function get(path: string): Promise<Answer> {
    const response = await fetch(origin + path, { headers })
    const copy = response.clone()
    const body = await response.json()
    const { described, mismatches } = await checkAnswer(new Request(response.url), copy)
    expect(mismatches).toEqual([])
    expect(response.status).not.toBe(500)
    const cacheStatus = response.headers.get('Cache-Status')
    return { status: response.status, headers: response.headers, cacheStatus, body, described }
  }
  return {
    neon,
    get,
    [Symbol.dispose]() {
      neon.inject('none')
      release()
    },
  }
}

/** Inserts a dataset with one asset, whose status the tests change. */
async function insertAsset(dataset: string): Promise<void> {
  await database.query(`insert into versions values ($1, 'v1')`, [dataset])
  await database.query(
    `insert into assets (dataset, version, asset_type, asset_uri, status)
     values ($1, 'v1', 'csv', $2, 'pending')`,
    [dataset, `s3://test/${dataset}`],
  )
}

async function setStatus(dataset: string, status: string): Promise<void> {
  await database.query('update assets set status = $2 where dataset = $1', [dataset, status])
}

/** The page of a dataset whose asset has this status. */
function page(status: string) {
  return { status: 'success', data: [{ status }], meta: { total_items: '1' } }
}

function expectUnavailable(answer: Answer): void {
  expect(answer.status).toBe(503)
  expect(answer.described).toBe('/assets 503')
  expect(answer.body).toEqual(UNAVAILABLE)
  expect(answer.headers.get('Retry-After')).toMatch(/^[1-9]\d*$/)
  expect(answer.headers.get('Cache-Control')).toBe('no-store')
  expect(answer.headers.get('Access-Control-Allow-Origin')).toBe('*')
}

function expectStale(answer: Answer, status: string): void {
  expect(answer.status).toBe(200)
  expect(answer.body).toMatchObject(page(status))
  expect(answer.cacheStatus).toMatch(/^assets; hit; ttl=-\d+; detail=database-down$/)
}

/** Waits for a page, since calls may time out while the machine starts many Workers. */
async function untilRead(get: (path: string) => Promise<Answer>, path: string, status: string) {
  await vi.waitFor(
    async () => expect((await get(path)).body).toMatchObject(page(status)),
    WAIT_OPTIONS,
  )
}

/** Expects that all pages show the database's state and are not stale. */
async function expectRecovery(
  get: (path: string) => Promise<Answer>,
  paths: string[],
  now: string,
) {
  const expected = {
    status: 200,
    body: page(now),
    cacheStatus: expect.not.stringContaining('database-down'),
  }
  for (const path of paths) {
    await vi.waitFor(async () => expect(await get(path)).toMatchObject(expected), WAIT_OPTIONS)
    expect(await get(path)).toMatchObject(expected)
  }
}

describe.concurrent('while the database endpoint fails', () => {
  it.for(LASTING_FAULTS)('by %s', async (fault, { expect }) => {
    using worker = await lendWorker(fault)
    const { neon, get } = worker
    const dataset = `fault_${fault.replaceAll('-', '_')}`
    const stored = `/assets?dataset=${dataset}`
    const neverStored = `/assets?dataset=${dataset}&status=saved`
    await insertAsset(dataset)
    await untilRead(get, stored, 'pending')

    neon.inject(fault)
    await setStatus(dataset, 'saved')
    await setTimeout(PAST_MAX_AGE_MS)
    expectStale(await get(stored), 'pending')
    // Also while the Worker retries the database.
    for (let n = 0; n < 3; n++) expectStale(await get(stored), 'pending')
    const answers = await Promise.all([1, 2, 3].map(() => get(neverStored)))
    expect(answers).toHaveLength(3)
    for (const answer of answers) expectUnavailable(answer)
    expectStale(await get(stored), 'pending')

    neon.inject('none')
    // A read of a page that is not stored ends the outage immediately; otherwise checks do.
    const inOrder = isEndless(fault) ? [stored, neverStored] : [neverStored, stored]
    await expectRecovery(get, inOrder, 'saved')
  })

  it.for(PASSING_FAULTS)('by %s, but answers the retry', async (fault, { expect }) => {
    using worker = await lendWorker(fault)
    const { neon, get } = worker
    const dataset = `fault_${fault.replaceAll('-', '_')}`
    const stored = `/assets?dataset=${dataset}`
    await insertAsset(dataset)
    await untilRead(get, stored, 'pending')
    await setStatus(dataset, 'saved')
    await setTimeout(PAST_MAX_AGE_MS)
    for (const path of [stored, `${stored}&status=saved`]) {
      neon.inject(fault)
      const answer = await get(path)
      expect(answer).toMatchObject({ status: 200, body: page('saved') })
      expect(answer.cacheStatus).toBe('assets; fwd=uri-miss; stored')
    }
  })
})

describe('while the database is broken or restored', () => {
  it.each(UNMIGRATED)('by %s', async (name, breakIt, repairIt) => {
    using worker = await lendWorker()
    const { get } = worker
    const dataset = name.replaceAll(' ', '_')
    const stored = `/assets?dataset=${dataset}`
    await insertAsset(dataset)
    await untilRead(get, stored, 'pending')

    await database.query(breakIt)
    try {
      await setTimeout(PAST_MAX_AGE_MS)
      expectStale(await get(stored), 'pending')
      expectUnavailable(await get(`${stored}&status=pending`))
    } finally {
      await database.query(repairIt)
    }
    await expectRecovery(get, [stored, `${stored}&status=pending`], 'pending')
  })

  it('by a branch restored to an earlier revision', async () => {
    using worker = await lendWorker()
    const { get } = worker
    const stored = '/assets?dataset=restored'
    const neverStored = '/assets?dataset=restored&version=v1'
    await insertAsset('restored')
    const { rows } = await database.query('select revision from catalog_revision')
    await untilRead(get, stored, 'pending')
    const early = await get(stored)
    await setStatus('restored', 'saved')
    await setTimeout(PAST_MAX_AGE_MS)
    await untilRead(get, stored, 'saved')

    await setStatus('restored', 'pending')
    await database.query('update catalog_revision set revision = $1', [rows[0]?.revision])
    await expectRecovery(get, [stored, neverStored], 'pending')
    expect(early.headers.get('ETag')).toMatch(/^"[\w-]{43}"$/)
    expect((await get(stored)).headers.get('ETag')).toBe(early.headers.get('ETag'))

    // The next change creates a revision that no other branch has.
    await setStatus('restored', 'failed')
    await expectRecovery(get, [stored, neverStored], 'failed')
  })
})

it('failed calls are logged', () => {
  expect(failedCalls).toBeGreaterThan(0)
})
