/**
 * A Neon endpoint that fails on demand: a proxy in front of `neon-local.ts` whose fault can be
 * switched at any time. For tests and `npm run soak`; listens on loopback only.
 */

import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'
import {
  type Command,
  CommandError,
  type CommandInput,
  parsePort,
  runCommand,
} from '../command-line.ts'
import { listen } from '../listen.ts'
import { ANSWERS, type Answer, FAULTS, type Fault, ONCE } from './faults.ts'

const SLOW_MS = 3000
/** A reset discards data that the peer has not read yet. */
const BEFORE_RESET_MS = 20
const GARBAGE_BYTES = 10 * 1024 * 1024

export interface FaultyNeon {
  /** For the Worker's `DATABASE_URL`. */
  connectionString: string
  /** Number of HTTP calls so far, without refused connections. */
  calls: number
  /** Number of calls that are being answered without a fault. */
  answering: number
  /** Switches to a fault. Calls waiting in the previous fault are cut off. */
  inject(fault: Fault): void
  close(): Promise<void>
}

/** @param options `endpoint` is the connection string of the endpoint behind the proxy */
export async function serveFaultyNeon(options: {
  endpoint: string
  port?: number
}): Promise<FaultyNeon> {
  let fault: Fault = 'none'
  let switched = new AbortController()
  const sockets = new Set<Socket>()

  const server = createServer(async (request, response) => {
    faulty.calls++
    const current = isOnce(fault) ? ONCE[fault] : fault
    if (isOnce(fault)) fault = 'none'
    if (current === 'none') faulty.answering++
    const body = await text(request).catch(() => '')
    const forwardCall = () => forward(options.endpoint, request, body)
    await answer(response, { fault: current, forwardCall, signal: switched.signal }).catch(() =>
      response.destroy(),
    )
    if (current === 'none') faulty.answering--
  })
  server.keepAliveTimeout = 60_000
  server.on('connection', (socket) => {
    if (fault === 'refused') return void socket.resetAndDestroy()
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  const port = await listen(server, options.port ?? 0, '127.0.0.1')
  const connectionString = new URL(options.endpoint)
  connectionString.host = `127.0.0.1:${port}`

  const faulty: FaultyNeon = {
    connectionString: connectionString.href,
    calls: 0,
    answering: 0,
    inject(next) {
      fault = next
      switched.abort()
      switched = new AbortController()
      if (next === 'refused') for (const socket of sockets) socket.resetAndDestroy()
    },
    async close() {
      switched.abort()
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
  return faulty
}

async function answer(
  response: ServerResponse,
  call: { fault: Fault; forwardCall: () => Promise<ForwardedAnswer>; signal: AbortSignal },
): Promise<void> {
  const { fault, signal } = call
  const canned = ANSWERS[fault]
  if (canned) {
    if (canned.waitMs) await setTimeout(canned.waitMs, undefined, { signal })
    return send(response, canned)
  }
  if (fault === 'refused') return void response.socket?.resetAndDestroy()
  if (fault === 'garbage') {
    const garbage = randomBytes(GARBAGE_BYTES)
    const headers = { 'Content-Type': 'application/json' }
    return send(response, { status: 200, headers, body: garbage })
  }
  if (fault === 'hang') await setTimeout(2 ** 30, undefined, { signal })
  if (fault === 'slow') await setTimeout(SLOW_MS, undefined, { signal })

  const forwarded = await call.forwardCall()
  const half = forwarded.body.subarray(0, forwarded.body.length / 2)
  if (fault === 'truncated') return send(response, { ...forwarded, body: half })
  if (fault === 'none' || fault === 'slow') return send(response, forwarded)

  response.writeHead(forwarded.status, {
    ...forwarded.headers,
    'Content-Length': forwarded.body.length,
  })
  response.flushHeaders()
  if (fault !== 'reset-after-headers') response.write(half)
  if (fault === 'hang-mid-body') await setTimeout(2 ** 30, undefined, { signal })
  await setTimeout(BEFORE_RESET_MS)
  response.socket?.resetAndDestroy()
}

type ForwardedAnswer = Answer & { body: Buffer }

async function forward(
  endpoint: string,
  { headers }: IncomingMessage,
  body: string,
): Promise<ForwardedAnswer> {
  const { 'content-length': _, 'transfer-encoding': __, connection, host, ...kept } = headers
  const reply = await fetch(`http://${new URL(endpoint).host}/sql`, {
    method: 'POST',
    headers: kept as Record<string, string>,
    body,
  })
  return {
    status: reply.status,
    headers: {
      'Content-Type': reply.headers.get('content-type') ?? '',
      'Neon-Request-Id': reply.headers.get('neon-request-id') ?? '',
    },
    body: Buffer.from(await reply.arrayBuffer()),
  }
}

function isOnce(fault: Fault): fault is keyof typeof ONCE {
  return fault in ONCE
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(body) })
  response.end(body)
}

const COMMAND = {
  name: 'faulty-neon',
  description: `Proxies \`npm run neon-local\` and fails on demand: each line on stdin names the next fault, one of
${FAULTS.join(', ')}.`,
  flags: {
    endpoint: {
      type: 'string',
      value: 'postgres://…',
      description: 'connection string printed by neon-local; required',
    },
    port: { type: 'string', value: 'N', description: 'port to listen on (default: any free one)' },
  },
} as const satisfies Command

async function main({ flags }: CommandInput<typeof COMMAND>): Promise<void> {
  if (!flags.endpoint) throw new CommandError('--endpoint postgres://… is missing')
  const faulty = await serveFaultyNeon({
    endpoint: flags.endpoint,
    port: flags.port === undefined ? 0 : parsePort(flags.port),
  })
  console.log(faulty.connectionString)
  for await (const line of createInterface(process.stdin)) {
    const fault = FAULTS.find((name) => name === line.trim())
    if (fault) faulty.inject(fault)
    else console.error(`unknown fault; the faults are: ${FAULTS.join(', ')}`)
  }
  await faulty.close()
}

if (import.meta.main) await runCommand(COMMAND, main)
