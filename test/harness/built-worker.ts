/**
 * The Worker as it is deployed: the bundle that `wrangler deploy` uploads, with the settings,
 * bindings and static assets of wrangler.toml, in a workerd of its own, asked over a socket.
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
  /** Names in lower case, without `Content-Length`, which agrees with the body. */
  headers: Record<string, string>
  body: string
}

export type Sent = { method?: string; headers?: Record<string, string> }

export interface BuiltWorker {
  /**
   * Sends a request for a URL of any scheme and host, as Cloudflare would hand it over; with a good
   * token, unless `headers` has an `Authorization` of its own (`''` for none).
   */
  fetch(url: string, sent?: Sent): Promise<Answer>
  close(): Promise<void>
}

type Options = {
  /** Over those of wrangler.toml. */
  vars?: Record<string, string | number>
  /** Requests a minute of a subject, instead of wrangler.toml's. */
  rateLimit?: number
  onLog?: (line: string) => void
  /** Without static assets and without the Worker's version, which no deployment lacks. */
  isBroken?: boolean
  /** Without static assets; URLs are `http`, and their hosts reach the Worker unread. */
  isDirect?: boolean
}

/** Tests ask more often than one subject may. */
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
    // A database on a busy machine takes its time.
    { DATABASE_TIMEOUT_MS: 60_000, ...vars },
    {
      onLog,
      ratelimits: mapValues(ratelimits, (limiter) => ({
        ...limiter,
        simple: { ...limiter.simple, limit: rateLimit },
      })),
      ...(isBroken && { versionMetadata: undefined }),
      // What serves them stands in front of the Worker, and fails for hosts that make no URL.
      ...(!isBroken && !isDirect && { assets }),
      // A request line with a whole URL, as proxies get it, sets scheme and host.
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
      // As it is spelled: it need not be a good URL.
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

/** Static assets and rate limits as `wrangler dev` reads them from wrangler.toml. */
function deployedBindings() {
  const { workerOptions } = unstable_getMiniflareWorkerOptions('wrangler.toml')
  // Boundary: wrangler types them loosely.
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
