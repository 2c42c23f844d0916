/** The Worker under test in this workerd: isolates, tokens, logs, and the database. */

import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { evaluate } from 'virtual:worker'
import { SignJWT } from 'jose'
import { inject, vi } from 'vitest'
import type * as z from 'zod'
import type { settingsSchema } from '../../src/settings.ts'
import { type AnswerCheck, checkAnswer } from './contract.ts'
import type { DatabaseUrls } from './provided-context.d.ts'

declare const process: { env: { VITEST_POOL_ID: string } }

/** Checks of all answers of the current test. */
export const answerChecks: Promise<AnswerCheck>[] = []

export const SECRET = 'test-only-secret-of-more-than-32-bytes'

const networkFetch = globalThis.fetch
const noLimit: RateLimit = { limit: async () => ({ success: true }) }

/** A response; `settled` resolves when its `waitUntil` promises have settled. */
export type Answer = { response: Response; settled: Promise<void> }

/** Variables and bindings that override the defaults and those of wrangler.toml. */
export type Settings = Partial<Env & z.input<typeof settingsSchema>>

/**
 * Starts a new isolate of the Worker. Its requests carry a valid token unless `init` has an
 * `Authorization` header (`''` for none).
 */
export async function startIsolate(settings: Settings = {}) {
  const { default: worker } = evaluate()
  const workerEnv = {
    ...env,
    DATABASE_URL: databaseUrls().worker,
    AUTH_JWT_SECRET: SECRET,
    RATE_LIMITER: noLimit,
    // The database may be slow on a busy machine; tests of the limit set their own.
    DATABASE_TIMEOUT_MS: 60_000,
    ...settings,
  } as Env
  const authorization = `Bearer ${await signToken()}`

  async function request(url: string, init: RequestInit = {}): Promise<Answer> {
    const headers = new Headers(init.headers)
    if (!headers.has('Authorization')) headers.set('Authorization', authorization)
    if (headers.get('Authorization') === '') headers.delete('Authorization')
    const context = createExecutionContext()
    const sent = new Request(url, { ...init, headers })
    const response = await worker.fetch(sent, workerEnv, context)
    answerChecks.push(checkAnswer(sent, response.clone()))
    return { response, settled: waitOnExecutionContext(context) }
  }

  return {
    request,
    /** Resolves to the response once its `waitUntil` promises have settled. */
    async fetch(url: string, init?: RequestInit): Promise<Response> {
      const { response, settled } = await request(url, init)
      await settled
      return response
    },
  }
}

/** A unique host, so that tests share no pages in the data center's cache. */
export function newHost(): string {
  return `https://${crypto.randomUUID()}.example`
}

/** A token that stays valid when tests move the clock by years. */
export function signToken(secret = SECRET): Promise<string> {
  return new SignJWT({ sub: 'tester' })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime('100 years')
    .sign(new TextEncoder().encode(secret))
}

/** Connection strings of this test file's database. */
export function databaseUrls(): DatabaseUrls {
  // Files that run at the same time have different numbers, from 1.
  const urls = inject('databaseUrls')[Number(process.env.VITEST_POOL_ID) - 1]
  if (!urls) throw new Error('no database')
  return urls
}

/** Runs a statement as the database's owner; values of rows are text. */
export async function query(
  text: string,
  params: (string | null)[] = [],
  databaseUrl = databaseUrls().owner,
): Promise<Record<string, string | null>[]> {
  const response = await networkFetch(`http://${new URL(databaseUrl).host}/sql`, {
    method: 'POST',
    headers: { 'Neon-Connection-String': databaseUrl, 'Neon-Raw-Text-Output': 'true' },
    body: JSON.stringify({ query: text, params }),
  })
  const result = await response.json<{ rows: Record<string, string | null>[]; message?: string }>()
  if (!response.ok) throw new Error(result.message)
  return result.rows
}

/** Columns of an asset; `insertAssets` fills in the others. */
export type AssetRow = Partial<{
  asset_id: string
  dataset: string
  version: string
  asset_type: string
  asset_uri: string
  status: string
  is_managed: boolean
  is_default: boolean
  is_downloadable: boolean
  is_latest: boolean
  metadata: unknown
  created_on: string
  updated_on: string
}>

/** Replaces all assets of the catalog. */
export async function resetCatalog(rows: AssetRow[]): Promise<void> {
  await query('truncate assets, versions')
  await insertAssets(rows)
}

/** Adds assets and their versions. */
export async function insertAssets(rows: AssetRow[]): Promise<void> {
  const assets = rows.map((row) => ({
    asset_id: crypto.randomUUID(),
    dataset: 'umd_tree_cover_loss',
    version: 'v1.8',
    asset_type: 'csv',
    asset_uri: `s3://test/${crypto.randomUUID()}`,
    status: 'saved',
    is_managed: true,
    is_default: false,
    is_downloadable: true,
    is_latest: false,
    metadata: {},
    created_on: '2019-08-24T14:15:22Z',
    updated_on: '2019-08-24T14:15:22Z',
    ...row,
  }))
  const rowsAsJson = JSON.stringify(assets)
  const columns = Object.keys(assets[0] ?? { asset_id: '' })
  await query(
    `insert into versions (dataset, version, is_latest)
     select dataset, version, bool_or(is_latest)
     from jsonb_to_recordset($1) as item(dataset text, version text, is_latest boolean)
     group by 1, 2 on conflict do nothing`,
    [rowsAsJson],
  )
  await query(
    `insert into assets (${columns})
     select ${columns} from jsonb_populate_recordset(null::assets, $1)`,
    [rowsAsJson],
  )
}

/** All log lines of the current test. */
export const logged: string[] = []

/** Collects log lines from now on instead of printing them. */
export function collectLogs() {
  const lines: string[] = []
  for (const method of ['log', 'warn', 'error'] as const) {
    vi.spyOn(console, method).mockImplementation((line) => {
      lines.push(line)
      logged.push(line)
    })
  }
  /** All lines without `time`. */
  function all(): Record<string, unknown>[] {
    const parsed: Record<string, unknown>[] = lines.map((line) => JSON.parse(line))
    return parsed.map(({ time, ...line }) => line)
  }
  return {
    all,
    /** The lines with this message, without `time`. */
    of: (message: string) => all().filter((line) => line.message === message),
  }
}

/** Spies on the Worker's calls to the database and the JWKS host. */
export function spyOnNetwork() {
  return vi
    .spyOn(globalThis, 'fetch')
    .mockImplementation((input, init) => networkFetch(input, init))
}
