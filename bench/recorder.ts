/** A proxy in front of the database's HTTP endpoint that records each call and its duration. */

import { Agent, createServer, type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'
import { listen } from '../tools/listen.ts'

/** `ms` is the time from the last byte of the request to the last byte of the response. */
export type Call = { body: string; ms: number }

export interface Recorder {
  /** Given to the Worker as `DATABASE_URL`. */
  connectionString: string
  /** Runs `use`, and returns its result and the calls that started meanwhile. */
  record<T>(use: () => Promise<T>): Promise<{ result: T; calls: Call[] }>
  close(): Promise<void>
}

/** Waited after a response for calls that the Worker makes in `waitUntil`. */
const IDLE_MS = 5

/** @param endpoint connection string of the database's HTTP endpoint */
export async function startRecorder(endpoint: string): Promise<Recorder> {
  const agent = new Agent({ keepAlive: true })
  let calls: Call[] = []
  let open = 0
  const server = createServer(async (incoming, outgoing) => {
    open++
    const body = await text(incoming)
    const startedAt = performance.now()
    try {
      const answer = await forward(incoming, body, { endpoint, agent })
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      for await (const chunk of answer) outgoing.write(chunk)
    } catch {
      outgoing.writeHead(502)
    }
    calls.push({ body, ms: performance.now() - startedAt })
    open--
    outgoing.end()
  })
  server.keepAliveTimeout = 60_000
  const port = await listen(server, 0, '127.0.0.1')
  const connectionString = new URL(endpoint)
  connectionString.host = `127.0.0.1:${port}`
  return {
    connectionString: connectionString.href,
    async record(use) {
      calls = []
      const result = await use()
      do await setTimeout(IDLE_MS)
      while (open > 0)
      return { result, calls }
    },
    async close() {
      agent.destroy()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function forward(
  incoming: IncomingMessage,
  body: string,
  { endpoint, agent }: { endpoint: string; agent: Agent },
): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  const { method, headers } = incoming
  const options = {
    agent,
    method: method ?? 'POST',
    headers: { ...headers, 'content-length': Buffer.byteLength(body) },
  }
  delete options.headers['transfer-encoding']
  request(`http://${new URL(endpoint).host}/sql`, options, resolve)
    .on('error', reject)
    .end(body)
  return await promise
}
