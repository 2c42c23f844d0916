/**
 * Sends requests to the deployed bundle on loopback while the catalog changes and the database
 * fails, and checks every answer.
 */

import { setTimeout } from 'node:timers/promises'
import { type Command, CommandError, runCommand } from '../tools/command-line.ts'
import { serveFaultyNeon } from '../tools/neon-local/faulty-neon.ts'
import { serveNeonLocal } from '../tools/neon-local/neon-local.ts'
import { servePglite } from '../tools/pglite/server.ts'
import { signToken } from '../tools/token.ts'
import { AUTH_SECRET, bundle, startWorker } from '../tools/workerd.ts'
import { openSoakCatalog } from './soak/catalog.ts'
import { type Answer, type AnswerChecker, createAnswerChecker, VARS } from './soak/check-answer.ts'
import { startFaultSchedule } from './soak/fault-schedule.ts'
import { childPids, measureGrowth, sampleMemory } from './soak/memory.ts'
import { watchOverload } from './soak/overload.ts'
import { randomRequests, type SoakRequest } from './soak/requests.ts'

const CHANGE_EVERY_MS = 1500
/** A request that needs no database, or a trivial query, takes longer on an overloaded machine only. */
const OVERLOAD_MS = 1000
const MAX_PAUSE_MS = 40
const MAX_PRINTED_VIOLATIONS = 20
const INTERRUPTED = 130

type Client = {
  origin: string
  tokens: Record<'valid' | 'expired', string>
  checker: AnswerChecker
}
type Counts = Record<string, number>

const COMMAND = {
  name: 'soak',
  description: `Sends valid and invalid requests to the Worker on loopback while the catalog changes and the
database fails, and checks every answer. The exit code is 1 if a check failed.`,
  flags: {
    seconds: { type: 'string', value: 'N', description: 'duration', default: '300' },
    clients: {
      type: 'string',
      value: 'N',
      description: 'number of concurrent clients',
      default: '16',
    },
  },
} as const satisfies Command

await runCommand(COMMAND, async ({ flags }) => {
  const seconds = parseCount(flags.seconds)
  const clients = parseCount(flags.clients)
  const stopped = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      process.exitCode = INTERRUPTED
      stopped.abort()
    })
  }
  await using running = new AsyncDisposableStack()
  await soak({ seconds, clients, stopped: stopped.signal }, running)
})

type Options = { seconds: number; clients: number; stopped: AbortSignal }

async function soak(
  { seconds, clients, stopped }: Options,
  running: AsyncDisposableStack,
): Promise<void> {
  const postgres = await servePglite()
  running.defer(() => postgres.close())
  const catalog = await openSoakCatalog(postgres.url)
  running.defer(() => catalog.close())
  const local = await serveNeonLocal({ databaseUrl: postgres.url })
  running.defer(() => local.close())
  const neon = await serveFaultyNeon({ endpoint: local.connectionString })
  running.defer(() => neon.close())
  const modules = await bundle('src/index.ts')
  const others = await childPids()
  let cacheFailures = 0
  const vars = { ...VARS, DATABASE_URL: neon.connectionString }
  const worker = await startWorker(modules, vars, {
    onLog: (line) => {
      if (line.includes('"edge cache ')) cacheFailures++
    },
  })
  running.defer(() => worker.close())
  const pids = (await childPids()).filter((pid) => !others.includes(pid))

  const signal = AbortSignal.any([stopped, AbortSignal.timeout(seconds * 1000)])
  const faultSchedule = startFaultSchedule(neon, signal)
  const overload = watchOverload(
    () => Promise.all([fetch(`${worker.origin}/livez`), catalog.ping()]),
    OVERLOAD_MS,
    signal,
  )
  const checker = createAnswerChecker(catalog, {
    faultSchedule,
    overload,
    mayLosePages: () => cacheFailures > 0,
  })
  const tokens = {
    valid: await signToken({ subject: 'soak', expires: `${seconds + 3600}s` }, AUTH_SECRET),
    expired: await signToken({ subject: 'soak', expires: '-1h' }, AUTH_SECRET),
  }
  const client = { origin: worker.origin, tokens, checker }
  const counts: Counts = {}
  const [samples] = await Promise.all([
    sampleMemory(pids, signal),
    changeUntil(signal, catalog.change),
    ...Array.from({ length: clients }, () => requestUntil(signal, client, counts)),
  ])

  const memory = measureGrowth(samples)
  const { violations } = checker
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0)
  console.log(`${total} answers to ${clients} clients in ${seconds} s:`)
  for (const name of Object.keys(counts).sort()) console.log(`  ${counts[name]} ${name}`)
  console.log(`${catalog.changes.length - 1} changes, ${neon.calls} database calls`)
  console.log(`${faultSchedule.faults.length} faults: ${faultSchedule.faults.join(', ')}`)
  const quarters = [0.25, 0.5, 0.75, 1].map((part) => samples[Math.ceil(samples.length * part) - 1])
  console.log(
    `workerd: ${quarters.map((mib) => mib?.toFixed(0)).join(', ')} MiB after each quarter`,
  )
  const late = overload.count()
  if (late > 0) console.log(`the machine was too busy ${late} times; latency was not checked then`)
  if (cacheFailures > 0) {
    console.log(
      `the simulated cache failed ${cacheFailures} times; lost pages were allowed after it`,
    )
  }
  console.log(`${violations.length} failed checks`)
  for (const violation of violations.slice(0, MAX_PRINTED_VIOLATIONS)) console.log(`  ${violation}`)
  if (!memory.isStable) {
    console.log(`workerd grew from ${memory.before.toFixed(0)} to ${memory.after.toFixed(0)} MiB`)
  }
  if (violations.length > 0 || !memory.isStable) process.exitCode = 1
}

async function changeUntil(signal: AbortSignal, change: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    await setTimeout(CHANGE_EVERY_MS, undefined, { signal }).catch(() => {})
    if (!signal.aborted) await change()
  }
}

async function requestUntil(signal: AbortSignal, client: Client, counts: Counts): Promise<void> {
  for (const request of randomRequests()) {
    if (signal.aborted) return
    const answer = await send(client, request)
    client.checker.check(answer)
    const cache = answer.cacheStatus.replace(/^assets; |ttl=-?\d+/g, '').replace(/; $/, '')
    const name = `${answer.status} to ${request.kind}${cache && ` (${cache})`}`
    counts[name] = (counts[name] ?? 0) + 1
    await setTimeout(Math.random() * MAX_PAUSE_MS)
  }
}

async function send({ origin, tokens, checker }: Client, request: SoakRequest): Promise<Answer> {
  const { kind, path } = request
  const headers: Record<string, string> = {}
  if (kind !== 'no token') {
    headers.Authorization = `Bearer ${kind === 'expired token' ? tokens.expired : tokens.valid}`
  }
  const etag = checker.etagOf(path)
  if (kind === 'conditional' && etag) headers['If-None-Match'] = etag
  const startedAt = Date.now()
  const response = await fetch(origin + path, { headers })
  const body = await response.text()
  return {
    request,
    startedAt,
    endedAt: Date.now(),
    status: response.status,
    etag: response.headers.get('ETag') ?? '',
    cacheStatus: response.headers.get('Cache-Status') ?? '',
    body,
  }
}

function parseCount(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new CommandError(`not a positive integer: ${text}`)
  return Number(text)
}
