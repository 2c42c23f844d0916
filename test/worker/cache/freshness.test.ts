/**
 * Every combination of the age of the revision's last check, the place of the stored page, and the
 * state of the database.
 */

import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { passDays, passSeconds } from '../../harness/clock.ts'
import { cacheStatus, startDataCenter } from '../../harness/data-center.ts'
import { controlDatabase } from '../../harness/database-switch.ts'
import { newHost, query, resetCatalog, startIsolate } from '../../harness/worker.ts'

const ID = 'b4695157-0d1d-4da0-8f9e-5c53149389e4'

type Isolate = Awaited<ReturnType<typeof startIsolate>>

/** The place of the revision: the isolate under test, or only its data center. */
type Holder = 'isolate' | 'data center'
type Page =
  | 'in memory'
  | 'in the data center'
  | 'of both revisions'
  | 'of the previous revision'
  | 'of a previous revision of 25 h ago'
  | 'not stored'
type Database =
  | 'answers'
  | 'has changed'
  | 'fails a statement'
  | 'is unreachable'
  | 'hangs'
  | 'was unreachable 1 s ago, and is being tried'

type Expected = {
  status: number
  /** The state of the catalog that the page shows. */
  shows?: 'stored' | 'current'
  cacheStatus: string | null
  age: string | null
  calls: unknown
}

const AT_ONCE = expect.stringMatching(/^(none|1 behind)$/)
const EITHER = expect.stringMatching(/^(none|1 behind|1 in front)$/)

function hit(cacheStatus: string, age: string, calls: unknown): Expected {
  return { status: 200, shows: 'stored', cacheStatus: `assets; ${cacheStatus}`, age, calls }
}
function stale(ttl: string, age: string, calls: unknown = '1 in front'): Expected {
  return hit(`hit; ttl=${ttl}; detail=database-down`, age, calls)
}
const READ: Expected = {
  status: 200,
  shows: 'current',
  cacheStatus: 'assets; fwd=uri-miss; stored',
  age: '0',
  calls: '1 in front',
}
const DOWN: Expected = { status: 503, cacheStatus: null, age: null, calls: '1 in front' }
const DOWN_EITHER: Expected = { ...DOWN, calls: EITHER }

const HIT_7 = hit('hit; ttl=53', '7', 'none')
const HIT_37 = hit('hit; ttl=23', '37', '1 behind')
const HIT_37_AT_ONCE = { ...HIT_37, calls: AT_ONCE }
const STALE_190 = stale('-130', '190')
/** After the time limit of a call, 5 s. */
const STALE_195 = stale('-135', '195')
const STALE_190_AT_ONCE = stale('-130', '190', AT_ONCE)

/** In the order of `Database`. */
type Row = [Expected, Expected, Expected, Expected, Expected, Expected]
const FRESH: Row = [HIT_7, HIT_7, HIT_7, HIT_7, HIT_7, HIT_7]
const CHECKED: Row = [HIT_37, HIT_37, HIT_37, HIT_37, HIT_37, HIT_37_AT_ONCE]
const OLD: Row = [READ, READ, STALE_190, STALE_190, STALE_195, STALE_190_AT_ONCE]
const LOST: Row = [READ, READ, DOWN, DOWN, DOWN, DOWN_EITHER]
/** The previous revision was last current 100 s before the check. */
const PREVIOUS_107: Row = [
  READ,
  READ,
  stale('-47', '107'),
  stale('-47', '107'),
  stale('-52', '112'),
  stale('-47', '107', EITHER),
]
const PREVIOUS_137: Row = [
  READ,
  READ,
  stale('-77', '137'),
  stale('-77', '137'),
  stale('-82', '142'),
  stale('-77', '137', EITHER),
]
const PREVIOUS_290: Row = [
  READ,
  READ,
  stale('-230', '290'),
  stale('-230', '290'),
  stale('-235', '295'),
  stale('-230', '290', EITHER),
]

const DATABASES: Database[] = [
  'answers',
  'has changed',
  'fails a statement',
  'is unreachable',
  'hangs',
  'was unreachable 1 s ago, and is being tried',
]
const AGES = { '7 s': 7, '37 s': 37, '190 s': 190, '25 h': 90_000 }
type Age = keyof typeof AGES

/** `null`: unspecified, since a data center may not have the previous revision. */
const TABLE = {
  isolate: {
    '7 s': {
      'in memory': FRESH,
      'in the data center': FRESH,
      'of both revisions': FRESH,
      'of the previous revision': PREVIOUS_107,
      'of a previous revision of 25 h ago': LOST,
      'not stored': LOST,
    },
    '37 s': {
      'in memory': CHECKED,
      'in the data center': CHECKED,
      'of both revisions': CHECKED,
      'of the previous revision': PREVIOUS_137,
      'of a previous revision of 25 h ago': LOST,
      'not stored': LOST,
    },
    '190 s': {
      'in memory': OLD,
      'in the data center': OLD,
      'of both revisions': OLD,
      'of the previous revision': PREVIOUS_290,
      'of a previous revision of 25 h ago': LOST,
      'not stored': LOST,
    },
    '25 h': {
      'in memory': LOST,
      'in the data center': LOST,
      'of both revisions': LOST,
      'of the previous revision': LOST,
      'of a previous revision of 25 h ago': LOST,
      'not stored': LOST,
    },
  },
  'data center': {
    '7 s': {
      'in memory': FRESH,
      'in the data center': FRESH,
      'of both revisions': FRESH,
      'of the previous revision': null,
      'of a previous revision of 25 h ago': LOST,
      'not stored': LOST,
    },
    '37 s': {
      'in memory': CHECKED,
      'in the data center': CHECKED,
      'of both revisions': CHECKED,
      'of the previous revision': null,
      'of a previous revision of 25 h ago': LOST,
      'not stored': LOST,
    },
    '190 s': {
      'in memory': OLD,
      'in the data center': OLD,
      'of both revisions': OLD,
      'of the previous revision': null,
      'of a previous revision of 25 h ago': LOST,
      'not stored': LOST,
    },
    '25 h': {
      'in memory': LOST,
      'in the data center': LOST,
      'of both revisions': LOST,
      'of the previous revision': LOST,
      'of a previous revision of 25 h ago': LOST,
      'not stored': LOST,
    },
  },
} satisfies Record<Holder, Record<Age, Record<Page, Row | null>>>

const rows = Object.entries(TABLE).flatMap(([holder, ages]) =>
  Object.entries(ages).flatMap(([age, pages]) =>
    Object.entries(pages).flatMap(([page, row]) =>
      // Boundary: `Object.entries` forgets the keys' types.
      row ? [[holder as Holder, age as Age, page as Page, row] as const] : [],
    ),
  ),
)

let database: ReturnType<typeof controlDatabase>
let asked: Isolate
let other: Isolate
let host: string
/** The number of the catalog's state, which each page shows. */
let state = 0

beforeAll(async () => {
  await resetCatalog([{ asset_id: ID, updated_on: '2020-09-25T15:16:23Z' }])
  // Cases run days apart, so that these isolates have no usable data of earlier cases.
  asked = await startIsolate({ DATABASE_TIMEOUT_MS: 5000 })
  other = await startIsolate()
})

beforeEach(() => {
  database = controlDatabase()
})

afterEach(() => {
  vi.restoreAllMocks()
})

let now = Date.now()

/** Starts a case with a new host and clock, so that all caches are empty. */
async function begin(): Promise<void> {
  vi.setSystemTime(now)
  passDays()
  startDataCenter()
  host = newHost()
  otherPages = 10
  database.state = 'answers'
  await change()
}

async function change(): Promise<number> {
  state++
  await query('update assets set asset_uri = $1', [`s3://forest/${state}`])
  return state
}

const page = () => `${host}/assets?page[size]=7`
/** A page that has not been requested. */
const otherPage = () => `${host}/assets?page[size]=${++otherPages}`
let otherPages = 10

/** Stores the revision and the page, and returns the state that the page shows. */
async function prepare(holder: Holder, kind: Page): Promise<number> {
  await begin()
  const storing = holder === 'isolate' ? asked : other
  if (kind === 'in the data center') {
    await other.fetch(page())
    passSeconds(61)
  }
  if (kind === 'in memory' && holder === 'data center') {
    await asked.fetch(page())
    passSeconds(100)
  }
  let stored = state
  if (kind.startsWith('of')) {
    await storing.fetch(page())
    passSeconds(kind === 'of a previous revision of 25 h ago' ? 90_000 : 100)
    const changed = await change()
    if (kind === 'of both revisions') stored = changed
  }
  const isPageRead = kind === 'in memory' || kind === 'of both revisions'
  await storing.fetch(isPageRead ? page() : otherPage())
  return stored
}

function body(shown: number): unknown {
  const link = (number: string) => `${host}/assets?page[number]=${number}&page[size]=7`
  return {
    data: [
      {
        created_on: '2019-08-24T14:15:22Z',
        updated_on: '2020-09-25T15:16:23Z',
        asset_id: ID,
        dataset: 'umd_tree_cover_loss',
        version: 'v1.8',
        asset_type: 'csv',
        asset_uri: `s3://forest/${shown}`,
        status: 'saved',
        is_managed: true,
        is_downloadable: true,
        metadata: {},
      },
    ],
    status: 'success',
    links: { self: link('1'), first: link('1'), last: link('1'), prev: '', next: '' },
    meta: { size: '7', total_items: '1', total_pages: '1' },
  }
}

async function outcome({ response, calls }: { response: Response; calls: string }) {
  const { status, headers } = response
  return {
    status,
    body: await response.json(),
    cacheStatus: cacheStatus(response),
    age: headers.get('Age'),
    cacheControl: headers.get('Cache-Control'),
    retryAfter: headers.get('Retry-After'),
    calls,
  }
}

function whole({ shows, ...expected }: Expected, stored: number) {
  const shown = shows === 'stored' ? stored : state
  if (expected.status !== 200) {
    const detail = 'Service Unavailable'
    return { ...expected, body: { detail }, cacheControl: 'no-store', retryAfter: '5' }
  }
  const cacheControl = 'private, max-age=60'
  return { ...expected, body: body(shown), cacheControl, retryAfter: null }
}

describe('a page', () => {
  it.each(rows)('with a revision in this %s checked %s ago, %s', async (...row) => {
    const [holder, age, kind, expected] = row
    const observed: Record<string, unknown> = {}
    const promised: Record<string, unknown> = {}
    for (const [n, name] of DATABASES.entries()) {
      const stored = await prepare(holder, kind)
      passSeconds(AGES[age])
      if (name === 'has changed') await change()
      await enter(name)
      observed[name] = await outcome(await database.ask(asked, page()))
      // Boundary: a row has as many cells as `DATABASES`.
      promised[name] = whole(expected[n] as Expected, stored)
      now = Date.now()
    }
    expect(observed).toEqual(promised)
  })
})

async function enter(name: Database): Promise<void> {
  if (name === 'fails a statement') database.state = 'statement fails'
  if (name === 'is unreachable') database.state = 'unreachable'
  if (name === 'hangs') database.state = 'hangs'
  if (name === 'was unreachable 1 s ago, and is being tried') {
    passSeconds(-1)
    database.state = 'unreachable'
    const { status } = await asked.fetch(otherPage())
    if (status !== 503) throw new Error(`${status} instead of 503`)
    passSeconds(1)
    database.hold()
    void asked.request(otherPage())
    await database.called
  }
}
