/**
 * Checks the freshness guarantees in random sequences of requests, changes of datasets, outages,
 * clocks set back, and losses and damages of the data center's cache.
 */

import * as fc from 'fast-check'
import { afterEach, beforeAll, expect, it, vi } from 'vitest'
import { passDays, passSeconds } from '../../harness/clock.ts'
import { cacheStatus, type Damage, startDataCenter } from '../../harness/data-center.ts'
import {
  controlDatabase,
  type DatabaseState,
  type Observed,
} from '../../harness/database-switch.ts'
import { newHost, query, resetCatalog, startIsolate } from '../../harness/worker.ts'

const ID = 'b4695157-0d1d-4da0-8f9e-5c53149389e4'
const DATASETS = ['first', 'second', 'third']
/** The datasets that a page shows, and those whose changes replace its revision. */
const PAGES = [
  { path: '/assets', shows: DATASETS, dependsOn: DATASETS },
  { path: '/assets?dataset=first', shows: ['first'], dependsOn: ['first'] },
  { path: '/assets?dataset=second', shows: ['second'], dependsOn: ['second'] },
  { path: '/assets?dataset=second&version=v1.8', shows: ['second'], dependsOn: ['second'] },
  { path: '/assets?dataset=third', shows: ['third'], dependsOn: ['third'] },
  { path: `/asset/${ID}`, shows: ['first'], dependsOn: DATASETS },
]
const SECONDS = [0.4, 3, 7, 11, 29, 61, 200, 5000, 50_000]
const DAMAGES: Record<string, Damage | undefined> = {
  none: undefined,
  'corrupt details': (copy) => ({ ...copy, headers: new Headers({ 'Page-Details': '{' }) }),
  'bodies that break off': (copy) => {
    const body = new ReadableStream({ pull: (controller) => controller.error(new Error()) })
    return { ...copy, body }
  },
  'another status': (copy) => ({ ...copy, status: 500 }),
  'no answer': () => new Promise(() => {}),
  errors: () => {
    throw new Error('cache is broken')
  },
}

type Isolate = Awaited<ReturnType<typeof startIsolate>>
type Page = (typeof PAGES)[number]
/** The number of the last change of each dataset, and when another change followed. */
type State = { numbers: Record<string, number>; until: number }
type Step =
  | { do: 'ask'; isolate: number; page: number }
  | { do: 'change'; dataset: number }
  | { do: 'wait'; seconds: number }
  | { do: 'set the clock back'; seconds: number }
  | { do: 'enter'; state: DatabaseState }
  | { do: 'damage'; damage: string }
  | { do: 'lose' }

const STEPS: { weight: number; arbitrary: fc.Arbitrary<Step> }[] = [
  {
    weight: 10,
    arbitrary: fc.record({
      do: fc.constant('ask'),
      isolate: fc.nat(1),
      page: fc.nat(PAGES.length - 1),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('change'), dataset: fc.nat(DATASETS.length - 1) }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('wait'), seconds: fc.constantFrom(...SECONDS) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('set the clock back'),
      seconds: fc.constantFrom(0.4, 5, 300),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('enter'),
      state: fc.constantFrom<DatabaseState>('answers', 'answers', 'unreachable', 'hangs'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('damage'),
      damage: fc.constantFrom('none', 'none', ...Object.keys(DAMAGES)),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'lose' }) },
]

let isolates: Isolate[]
let number = 0
let now = Date.now()

beforeAll(async () => {
  await resetCatalog(
    DATASETS.map((dataset, n) => (n === 0 ? { dataset, asset_id: ID } : { dataset })),
  )
  const settings = { DATABASE_TIMEOUT_MS: 5000 }
  isolates = [await startIsolate(settings), await startIsolate(settings)]
})

afterEach(() => {
  vi.restoreAllMocks()
})

/** What has happened in a sequence, in seconds of a clock that is never set back. */
class Story {
  readonly states: State[] = []
  secondsSetBack = 0
  /** Losses, damages and clocks set back: a page may be read again at any time. */
  wasHarmed = false
  wasDown = false
  /** For each page, the state that was read last. */
  readonly read = new Map<string, State>()
  /** For each isolate and revision, when it was last checked. */
  readonly checked = new Map<string, number>()

  get seconds(): number {
    return Date.now() / 1000 + this.secondsSetBack
  }

  async change(dataset: string): Promise<void> {
    const last = this.states.at(-1)
    if (last) last.until = this.seconds
    const numbers = { ...last?.numbers, [dataset]: ++number }
    this.states.push({ numbers, until: Number.POSITIVE_INFINITY })
    await query('update assets set asset_uri = $1 where dataset = $2', [
      `s3://forest/${number}`,
      dataset,
    ])
  }

  /** When a page last showed the current state: the end of the last state that is alike for it. */
  lastAlike(shown: Record<string, number>, datasets: string[]): State | undefined {
    return this.states.findLast(({ numbers }) =>
      datasets.every((dataset) => numbers[dataset] === shown[dataset]),
    )
  }
}

it('keeps the freshness guarantees in random sequences', async () => {
  const database = controlDatabase()
  const dataCenter = startDataCenter()
  const steps = fc.array(fc.oneof(...STEPS), { minLength: 20, maxLength: 40 })
  await fc.assert(
    fc.asyncProperty(steps, async (todos) => {
      vi.setSystemTime(now)
      passDays()
      database.state = 'answers'
      dataCenter.clear()
      dataCenter.damageBy(undefined)
      const host = newHost()
      const story = new Story()
      const broken: string[] = []
      for (const dataset of DATASETS) await story.change(dataset)
      for (const todo of todos) {
        if (todo.do === 'change') await story.change(DATASETS[todo.dataset] ?? '')
        if (todo.do === 'wait') passSeconds(todo.seconds)
        if (todo.do === 'enter') database.state = todo.state
        if (todo.do === 'damage') dataCenter.damageBy(DAMAGES[todo.damage])
        if (todo.do === 'lose') dataCenter.clear()
        if (todo.do === 'set the clock back') {
          passSeconds(-todo.seconds)
          story.secondsSetBack += todo.seconds
        }
        if (['damage', 'lose', 'set the clock back'].includes(todo.do)) story.wasHarmed = true
        if (database.state !== 'answers') story.wasDown = true
        if (todo.do === 'ask') {
          // Boundary: the numbers are below the lengths.
          const [isolate, page] = [isolates[todo.isolate] as Isolate, PAGES[todo.page] as Page]
          const observed = await database.ask(isolate, host + page.path)
          const found = await brokenGuarantees(observed, { page, story, isolate: todo.isolate })
          broken.push(...(database.state === 'answers' || observed.response.ok ? found : []))
        }
      }
      now = Date.now() + story.secondsSetBack * 1000
      expect(broken).toEqual([])
    }),
    { numRuns: 25 },
  )
})

type Asked = { page: Page; story: Story; isolate: number }

/** The guarantees that a response breaks. */
async function brokenGuarantees(
  { response, answeredAt }: Observed,
  { page, story, isolate }: Asked,
): Promise<string[]> {
  const answered = answeredAt / 1000 + story.secondsSetBack
  const shown = await numbersOf(response)
  if (response.status !== 200) return [`${response.status} of ${page.path}`]
  const state = story.lastAlike(shown, page.shows)
  if (!state) return [`${page.path} shows ${JSON.stringify(shown)}, which never was`]
  const staleSeconds = Math.max(0, answered - state.until)
  const age = Number(response.headers.get('Age'))
  const status = `${cacheStatus(response)}`
  const isRead = status === 'assets; fwd=uri-miss; stored'
  const [, ttl, isLabeled] =
    /^assets; hit; ttl=(-?\d+)(; detail=database-down)?$/.exec(status) ?? []

  const revision = `${isolate} ${page.dependsOn}`
  const checked = story.checked.get(revision) ?? Number.NEGATIVE_INFINITY
  const current = story.lastAlike(story.states.at(-1)?.numbers ?? {}, page.dependsOn)
  const lastRead = story.read.get(page.path)
  const isKnown = answered - checked <= 60 && lastRead !== undefined
  const isUnchanged =
    lastRead !== undefined &&
    story.lastAlike(lastRead.numbers, page.dependsOn) === current &&
    !story.wasHarmed
  if (isRead) story.read.set(page.path, story.states.at(-1) ?? state)
  story.checked.set(revision, answered - age - 1)

  const guarantees = {
    'was current at most Age seconds ago': staleSeconds < age + 1 + story.secondsSetBack,
    'is current if it was read for this request': !isRead || staleSeconds === 0,
    'is not read again if its dataset has not changed': !(isRead && isKnown && isUnchanged),
    'has a ttl that counts down from 60 s': isRead || [age, age + 1].includes(60 - Number(ttl)),
    'is labeled if and only if its ttl is negative': Number(ttl) < 0 === Boolean(isLabeled),
    'is labeled only after an outage': !isLabeled || story.wasDown,
    // A check dated in the future counts again when the clock arrives there.
    'is at most 60 s behind unless it is labeled':
      Boolean(isLabeled) || staleSeconds <= 60 + story.secondsSetBack,
    // 24 hours plus the time limit of the failed call.
    'is at most 24 h old': age <= 86_405,
  }
  return Object.entries(guarantees)
    .filter(([, isKept]) => !isKept)
    .map(([guarantee]) => `${guarantee}: ${page.path}, ${status}, Age ${age}, ${staleSeconds} s`)
}

/** The number that the page shows for each dataset. */
async function numbersOf(response: Response): Promise<Record<string, number>> {
  const { data } = await response.json<{ data?: Shown | Shown[] }>()
  return Object.fromEntries(
    [data ?? []]
      .flat()
      .map(({ dataset, asset_uri }) => [dataset, Number(asset_uri.replace('s3://forest/', ''))]),
  )
}

type Shown = { dataset: string; asset_uri: string }
