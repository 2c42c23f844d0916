/** Probes, without a token: the Worker answers (`/livez`), the database answers (`/readyz`). */

import type { Context } from 'hono'
import { readRevision } from './catalog.ts'
import { serviceUnavailable } from './errors.ts'
import { oneFlight } from './one-flight.ts'

const TIMEOUT_MS = 1000
const KEEP_MS = 5000

const share = oneFlight<void>()
let last: { isReady: boolean; at: number } | undefined

/** 200 as long as the Worker runs. */
export function livez(c: Context): Response {
  return ok(c)
}

/** 200 where the database answers within a second, else 503. Kept 5 s: probes can't load it. */
export async function readyz(c: Context<{ Bindings: Env }>): Promise<Response> {
  if (!last || Date.now() - last.at >= KEEP_MS) {
    await share('readyz', c.executionCtx, TIMEOUT_MS, () => probe(c.env))
  }
  if (!last?.isReady) throw serviceUnavailable()
  return ok(c)
}

async function probe(env: Env): Promise<void> {
  const isReady = await readRevision(env, TIMEOUT_MS).then(
    () => true,
    () => false,
  )
  last = { isReady, at: Date.now() }
}

function ok(c: Context): Response {
  return c.json({ status: 'ok' }, 200, { 'Cache-Control': 'no-store' })
}
