/** Probes, without a token: the Worker answers (`/livez`), the database answers (`/readyz`). */

import type { Context } from 'hono'
import { EdgeCache } from '../cache/edge-cache.ts'
import { ageMs } from '../clock.ts'
import { readRevisions } from '../db/catalog.ts'
import { readTimeoutMs } from '../db/neon-call.ts'
import { serviceUnavailable } from '../errors.ts'
import { oneFlight } from '../one-flight.ts'
import { readSettings } from '../settings.ts'

const PATH = '/readyz'
/** A compute that was suspended needs up to 4 s to wake up. */
const TIME_LIMIT = { DATABASE_TIMEOUT_MS: 5000 }
/** Anyone may ask, and each probe of the database keeps a Neon compute awake. */
const KEEP_SECONDS = 30

/** `at` is in milliseconds since the epoch. */
type Probe = { isReady: boolean; at: number }

const share = oneFlight<Probe>()
let last: Probe | undefined

/** 200 as long as the Worker runs. */
export function livez(c: Context): Response {
  return ok(c)
}

/**
 * 200 if the database answers within 5 s, else 503. The result is kept for 30 s, in this isolate and
 * in the data center's cache.
 */
export async function readyz(
  c: Context<{ Bindings: Env; Variables: { url: URL } }>,
): Promise<Response> {
  const { env, executionCtx: context } = c
  if (!isCurrent(last)) {
    const edge = new EdgeCache({
      origin: c.get('url').origin,
      codeVersion: env.VERSION.id,
      keepSeconds: KEEP_SECONDS,
    })
    last = await share(
      PATH,
      async () => {
        const stored = await matchProbe(edge)
        if (stored) return stored
        const probe = { isReady: await isAnswering(env), at: Date.now() }
        context.waitUntil(edge.put(PATH, JSON.stringify(probe)))
        return probe
      },
      { context, timeoutMs: readTimeoutMs(TIME_LIMIT) },
    )
  }
  if (!last?.isReady) throw serviceUnavailable()
  return ok(c)
}

async function isAnswering(env: Env): Promise<boolean> {
  try {
    await readRevisions({ ...readSettings(env), ...TIME_LIMIT }, [])
    return true
  } catch {
    // Settings and the database log what is wrong with them.
    return false
  }
}

/** The result of another isolate in this data center. */
async function matchProbe(edge: EdgeCache): Promise<Probe | undefined> {
  const stored = await edge.match(PATH)
  const probe = await new Response(stored?.body).json<Probe>().catch(() => undefined)
  return isCurrent(probe) ? probe : undefined
}

function isCurrent(probe: Probe | undefined): boolean {
  return probe ? ageMs(probe.at) < KEEP_SECONDS * 1000 : false
}

function ok(c: Context): Response {
  return c.json({ status: 'ok' }, 200, { 'Cache-Control': 'no-store' })
}
