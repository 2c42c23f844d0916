/** Checks the freshness guarantees in random sequences of requests, changes, outages and losses. */

import * as fc from 'fast-check'
import { afterEach, beforeAll, expect, it, vi } from 'vitest'
import { passDays, passSeconds } from '../../harness/clock.ts'
import { cacheStatus, startDataCenter } from '../../harness/data-center.ts'
import {
  controlDatabase,
  type DatabaseState,
  type Observed,
} from '../../harness/database-switch.ts'
import { newHost, query, resetCatalog, startIsolate } from '../../harness/worker.ts'

const ID = 'b4695157-0d1d-4da0-8f9e-5c53149389e4'
const PATHS = ['/assets', '/assets?dataset=umd_tree_cover_loss', `/asset/${ID}`]
const SECONDS = [0.4, 3, 7, 11, 29, 61, 200, 5000, 50_000]

type Isolate = Awaited<ReturnType<typeof startIsolate>>
/** A state of the catalog, shown by each page, and when it was replaced by the next. */
type State = { number: number; until: number }
type Step =
  | { do: 'ask'; isolate: number; path: number }
  | { do: 'change' }
  | { do: 'wait'; seconds: number }
  | { do: 'enter'; state: DatabaseState }
  | { do: 'lose' }

let isolates: Isolate[]
let number = 0
let now = Date.now()

const ask = fc.record({
  do: fc.constant('ask' as const),
  isolate: fc.nat(1),
  path: fc.nat(PATHS.length - 1),
})
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: ask },
  { weight: 2, arbitrary: fc.constant({ do: 'change' as const }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      seconds: fc.constantFrom(...SECONDS),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('enter' as const),
      state: fc.constantFrom<DatabaseState>('answers', 'answers', 'unreachable', 'hangs'),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'lose' as const }) },
)

beforeAll(async () => {
  await resetCatalog([{ asset_id: ID }])
  const settings = { DATABASE_TIMEOUT_MS: 5000 }
  isolates = [await startIsolate(settings), await startIsolate(settings)]
})

afterEach(() => {
  vi.restoreAllMocks()
})

async function change(states: State[]): Promise<void> {
  const last = states.at(-1)
  if (last) last.until = Date.now()
  states.push({ number: ++number, until: Number.POSITIVE_INFINITY })
  await query('update assets set asset_uri = $1', [`s3://forest/${number}`])
}

it('keeps the freshness guarantees in random sequences', async () => {
  const database = controlDatabase()
  const dataCenter = startDataCenter()
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 40 }), async (steps) => {
      vi.setSystemTime(now)
      passDays()
      database.state = 'answers'
      dataCenter.clear()
      const host = newHost()
      const states: State[] = []
      const broken: string[] = []
      let wasDown = false
      await change(states)
      for (const todo of steps) {
        if (todo.do === 'change') await change(states)
        if (todo.do === 'wait') passSeconds(todo.seconds)
        if (todo.do === 'enter') database.state = todo.state
        if (database.state !== 'answers') wasDown = true
        if (todo.do === 'lose') dataCenter.clear()
        if (todo.do === 'ask') {
          const isolate = isolates[todo.isolate] as Isolate
          const observed = await database.ask(isolate, host + PATHS[todo.path])
          const { state } = database
          broken.push(...(await brokenGuarantees(observed, states, { state, wasDown })))
        }
        now = Date.now()
      }
      expect(broken).toEqual([])
    }),
    { numRuns: 25 },
  )
})

/** The guarantees that a response breaks. */
async function brokenGuarantees(
  { response, answeredAt }: Observed,
  states: State[],
  database: { state: DatabaseState; wasDown: boolean },
): Promise<string[]> {
  if (response.status === 503 && database.state !== 'answers') return []
  if (response.status !== 200) return [`${response.status} while the database ${database.state}`]
  const shown = Number(/s3:\/\/forest\/(\d+)/.exec(await response.text())?.[1])
  const state = states.find((candidate) => candidate.number === shown)
  if (!state) return [`state ${shown} never existed`]
  const staleSeconds = Math.max(0, (answeredAt - state.until) / 1000)
  const age = Number(response.headers.get('Age'))
  const status = `${cacheStatus(response)}`
  const isRead = status === 'assets; fwd=uri-miss; stored'
  const [, ttl, isLabeled] =
    /^assets; hit; ttl=(-?\d+)(; detail=database-down)?$/.exec(status) ?? []
  const guarantees = {
    'was current at most Age seconds ago': staleSeconds < age + 1,
    'is current if it was read for this request': !isRead || staleSeconds === 0,
    'has a ttl that counts down from 60 s': isRead || [age, age + 1].includes(60 - Number(ttl)),
    'is labeled if and only if its ttl is negative': Number(ttl) < 0 === Boolean(isLabeled),
    'is labeled only after an outage': !isLabeled || database.wasDown,
    'is at most 60 s behind unless it is labeled': Boolean(isLabeled) || staleSeconds <= 60,
    // 24 hours plus the time limit of the failed call.
    'is at most 24 h old': age <= 86_405,
  }
  return Object.entries(guarantees)
    .filter(([, isKept]) => !isKept)
    .map(([guarantee]) => `${guarantee}: ${status}, Age ${age}, ${staleSeconds} s behind`)
}
