/**
 * Runs the Worker as deployed, in a separate workerd: the bundle of `wrangler deploy`, with the
 * bindings and static assets of wrangler.toml.
 */

import { Agent, type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'
import type { V4WorkerOptions } from 'miniflare'
import { unstable_getMiniflareWorkerOptions } from 'wrangler'
import { signToken } from '../../tools/token.ts'
import { AUTH_SECRET, startWorker } from '../../tools/workerd.ts'
import { bundledWorker } from './worker-bundle.ts'

export type Answer = {
  status: number
  /** Names in lower case, without `Content-Length`, which is checked against the body. */
  headers: Record<string, string>
  body: string
}

export type Sent = { method?: string; headers?: Record<string, string> }

export interface BuiltWorker {
  /**
   * Sends a request for a URL of any scheme and host, as Cloudflare would, with a valid token
   * unless `headers` has an `Authorization` (`''` for none).
   */
  fetch(url: string, sent?: Sent): Promise<Answer>
  close(): Promise<void>
}

type Options = {
  /** Override the defaults. */
  vars?: Record<string, string | number>
  /** Requests per minute and subject; unlimited by default. */
  rateLimit?: number
  onLog?: (line: string) => void
  /** Omits the bindings for static assets and for the Worker's version. */
  isBroken?: boolean
  /** Omits static assets; URLs are `http`, and their hosts reach the Worker unchecked. */
  isDirect?: boolean
}

/** Tests send more requests than a subject is allowed to. */
const UNLIMITED = 1_000_000

/** Starts the Worker with an empty cache. */
export async function startBuiltWorker(options: Options = {}): Promise<BuiltWorker> {
  const {
    vars,
    rateLimit = UNLIMITED,
    isBroken = false,
    isDirect = false,
    onLog = () => {},
  } = options
  const { assets, ratelimits } = deployedBindings()
  const running = await startWorker(
    await bundledWorker(),
    // The database may be slow on a busy machine.
    { DATABASE_TIMEOUT_MS: 60_000, ...vars },
    {
      onLog,
      ratelimits: mapValues(ratelimits, (limiter) => ({
        ...limiter,
        simple: { ...limiter.simple, limit: rateLimit },
      })),
      ...(isBroken && { versionMetadata: undefined }),
      // The server of static assets, in front of the Worker, fails for invalid hosts.
      ...(!isBroken && !isDirect && { assets }),
      // As a proxy, workerd takes scheme and host from the request line.
      unsafeDirectSockets: [{ host: '127.0.0.1', port: 0, proxy: !isDirect }],
    },
  )
  const { hostname, port } = new URL(running.origin)
  const agent = new Agent({ keepAlive: true })
  const token = await signToken({ subject: 'tester', expires: '1h' }, AUTH_SECRET)

  return {
    async fetch(url, { method = 'GET', headers = {} } = {}) {
      const { Authorization = `Bearer ${token}`, ...others } = headers
      const sent = { ...(Authorization && { Authorization }), ...others }
      // Not parsed as a URL, since it may be invalid.
      const [origin = '', host = ''] = /^\w+:\/\/([^/?#]*)/.exec(url) ?? []
      const path = isDirect ? url.slice(origin.length) : url
      const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
      request({ agent, hostname, port, path, method, headers: { Host: host, ...sent } })
        .on('response', resolve)
        .on('error', reject)
        .end()
      const incoming = await promise
      const body = await text(incoming)
      return { status: incoming.statusCode ?? 0, headers: headersOf(incoming, method, body), body }
    },
    async close() {
      agent.destroy()
      await running.close()
    },
  }
}

/** Static assets and rate limiters of wrangler.toml. */
function deployedBindings() {
  const { workerOptions } = unstable_getMiniflareWorkerOptions('wrangler.toml')
  // Boundary: wrangler's types are too general.
  return workerOptions as Required<Pick<V4WorkerOptions, 'assets' | 'ratelimits'>>
}

function mapValues<Value, Result>(values: Record<string, Value>, map: (value: Value) => Result) {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, map(value)]))
}

function headersOf(incoming: IncomingMessage, method: string, body: string) {
  const { 'content-length': length, ...headers } = incoming.headersDistinct
  if (method !== 'HEAD' && length && Number(length) !== Buffer.byteLength(body)) {
    throw new Error(`Content-Length ${length} of a body of ${Buffer.byteLength(body)} bytes`)
  }
  return Object.fromEntries(
    Object.entries(headers).map(([name, values = []]) => [name, values.join(', ')]),
  )
}
