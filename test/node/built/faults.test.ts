/** The Worker as it is deployed, in front of a database that fails in each way that is known. */

import { setTimeout } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { FAULTS, type Fault, NEON_ANSWERS, ONCE } from '../../../tools/neon-local/faults.ts'
import { type FaultyNeon, serveFaultyNeon } from '../../../tools/neon-local/faulty-neon.ts'
import { serveNeonLocal } from '../../../tools/neon-local/neon-local.ts'
import { createMutex, type Mutex } from '../../../tools/pglite/mutex.ts'
import { signToken } from '../../../tools/token.ts'
import { AUTH_SECRET, startWorkers } from '../../../tools/workerd.ts'
import { checkAnswer, checkAnswersBy, checkedAnswers } from '../../harness/contract.ts'
import { servePreparedPglite } from '../../harness/prepared-database.ts'
import { expectNoSecrets } from '../../harness/secrets.ts'
import { bundledWorker } from '../../harness/worker-bundle.ts'

/** A limit that only a call without an answer meets. */
const TIMEOUT_MS = 60_000
/** The limit of a Worker whose calls take 3 s or never end: each answer that comes has met it. */
const SHORT_TIMEOUT_MS = 2000
const ENDLESS_FAULTS: readonly string[] = ['hang', 'hang-mid-body', 'slow', 'neon-stopped']
/** By the test's own time limit, however busy the machine is. */
const SOON = { timeout: 100_000, interval: 100 }
const FRESH_SECONDS = 1
const MAX_AGE_SECONDS = 1
const PAST_THE_PROMISE_MS = MAX_AGE_SECONDS * 1000 + 200
const VARS = {
  REVISION_FRESH_SECONDS: FRESH_SECONDS,
  REVISION_MAX_AGE_SECONDS: MAX_AGE_SECONDS,
}
/** Those of Neon's that differ in time or kind; `test/worker/db/neon-call.test.ts` has all. */
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
/** How a database stops being the one that was migrated, and how it is mended. */
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

/** Workers that tests take in turn; each endless fault has one of its own. */
const SHARED = ['first', 'second', 'third'] as const

// Most of the time, they wait.
vi.setConfig({ maxConcurrency: LASTING_FAULTS.length + PASSING_FAULTS.length })

const running = new AsyncDisposableStack()
const endpoints = new Map<string, { neon: FaultyNeon; mutex: Mutex }>()
let origins: Record<string, string>
let taken = 0
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
    onLog: (line) => logged.push(line),
  })
  running.defer(() => workers.close())
  origins = workers.origins
  await checkAnswersBy(await fetch(`${origins[SHARED[0]]}/openapi.json`))
  const token = await signToken({ subject: 'tester', expires: '1h' }, AUTH_SECRET)
  headers = { Authorization: `Bearer ${token}` }
})

const logged: string[] = []

afterAll(async () => {
  await running.disposeAsync()
  expect(logged.filter((line) => line.includes('database call failed'))).not.toHaveLength(0)
  expectNoSecrets(logged, [AUTH_SECRET, 'development-only@'])
})
afterAll(() => {
  expect(checkedAnswers.seen).toContain('/assets 503')
  expect(checkedAnswers.faults).toEqual([])
})

type Answer = { status: number; headers: Headers; cacheStatus: string | null; body: unknown }

function isEndless(fault: string): boolean {
  return ENDLESS_FAULTS.includes(fault)
}

/** A Worker for one test, and its endpoint. Every answer is as described, and none is a 500. */
async function takeWorker(fault = '') {
  const name = isEndless(fault) ? fault : (SHARED[taken++ % SHARED.length] ?? '')
  const [origin, endpoint] = [origins[name], endpoints.get(name)]
  if (!origin || !endpoint) throw new Error(`no Worker is named ${name}`)
  const { neon, mutex } = endpoint
  const release = await mutex.acquire()
  async function get(path: string): Promise<Answer> {
    const response = await fetch(origin + path, { headers })
    const copy = response.clone()
    const body = await response.json()
    await checkAnswer(new Request(response.url), copy)
    expect(response.status).not.toBe(500)
    const cacheStatus = response.headers.get('Cache-Status')
    return { status: response.status, headers: response.headers, cacheStatus, body }
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

/** An asset of a dataset of its own, whose status each change of the catalogue sets. */
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

/** What a page of one dataset shows. */
function page(status: string) {
  return { status: 'success', data: [{ status }], meta: { total_items: '1' } }
}

function expectUnavailable(answer: Answer): void {
  expect(answer.status).toBe(503)
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

/** A machine that starts many Workers at once may meet the time limit without any fault. */
async function untilRead(get: (path: string) => Promise<Answer>, path: string, status: string) {
  await vi.waitFor(async () => expect((await get(path)).body).toMatchObject(page(status)), SOON)
}

/** The database answers again: both pages show what is in it, and are no longer stale. */
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
    await vi.waitFor(async () => expect(await get(path)).toMatchObject(expected), SOON)
    expect(await get(path)).toMatchObject(expected)
  }
}

describe.concurrent('while the database endpoint fails', () => {
  it.for(LASTING_FAULTS)('by %s', async (fault, { expect }) => {
    using worker = await takeWorker(fault)
    const { neon, get } = worker
    const dataset = `fault_${fault.replaceAll('-', '_')}`
    const stored = `/assets?dataset=${dataset}`
    const neverStored = `/assets?dataset=${dataset}&status=saved`
    await insertAsset(dataset)
    await untilRead(get, stored, 'pending')

    neon.inject(fault)
    await setStatus(dataset, 'saved')
    await setTimeout(PAST_THE_PROMISE_MS)
    expectStale(await get(stored), 'pending')
    // At once, and while the Worker looks whether the database is back.
    for (let n = 0; n < 3; n++) expectStale(await get(stored), 'pending')
    const answers = await Promise.all([1, 2, 3].map(() => get(neverStored)))
    expect(answers).toHaveLength(3)
    for (const answer of answers) expectUnavailable(answer)
    expectStale(await get(stored), 'pending')

    neon.inject('none')
    // A page that must be read ends the outage at once. If nobody asks for one, checks find its end.
    const inOrder = isEndless(fault) ? [stored, neverStored] : [neverStored, stored]
    await expectRecovery(get, inOrder, 'saved')
  })

  it.for(PASSING_FAULTS)('by %s, but answers the second time', async (fault, { expect }) => {
    using worker = await takeWorker(fault)
    const { neon, get } = worker
    const dataset = `fault_${fault.replaceAll('-', '_')}`
    const stored = `/assets?dataset=${dataset}`
    await insertAsset(dataset)
    await untilRead(get, stored, 'pending')
    await setStatus(dataset, 'saved')
    await setTimeout(PAST_THE_PROMISE_MS)
    for (const path of [stored, `${stored}&status=saved`]) {
      neon.inject(fault)
      const answer = await get(path)
      expect(answer).toMatchObject({ status: 200, body: page('saved') })
      expect(answer.cacheStatus).toBe('assets; fwd=uri-miss; stored')
    }
  })
})

describe('while the database is not the one that was migrated', () => {
  it.each(UNMIGRATED)('by %s', async (name, breakIt, repairIt) => {
    using worker = await takeWorker()
    const { get } = worker
    const dataset = name.replaceAll(' ', '_')
    const stored = `/assets?dataset=${dataset}`
    await insertAsset(dataset)
    await untilRead(get, stored, 'pending')

    await database.query(breakIt)
    try {
      await setTimeout(PAST_THE_PROMISE_MS)
      expectStale(await get(stored), 'pending')
      expectUnavailable(await get(`${stored}&status=pending`))
    } finally {
      await database.query(repairIt)
    }
    await expectRecovery(get, [stored, `${stored}&status=pending`], 'pending')
  })

  it('by a branch restored to an earlier revision', async () => {
    using worker = await takeWorker()
    const { get } = worker
    const stored = '/assets?dataset=restored'
    const neverStored = '/assets?dataset=restored&version=v1'
    await insertAsset('restored')
    const { rows } = await database.query('select revision from catalog_revision')
    await untilRead(get, stored, 'pending')
    const early = await get(stored)
    await setStatus('restored', 'saved')
    await setTimeout(PAST_THE_PROMISE_MS)
    await untilRead(get, stored, 'saved')

    await setStatus('restored', 'pending')
    await database.query('update catalog_revision set revision = $1', [rows[0]?.revision])
    await expectRecovery(get, [stored, neverStored], 'pending')
    expect(early.headers.get('ETag')).toMatch(/^"[\w-]{43}"$/)
    expect((await get(stored)).headers.get('ETag')).toBe(early.headers.get('ETag'))

    // Its next change makes a revision that no other branch has had.
    await setStatus('restored', 'failed')
    await expectRecovery(get, [stored, neverStored], 'failed')
  })
})
