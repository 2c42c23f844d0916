/** A proxy in front of the database's HTTP endpoint that notes what passes, and for how long. */

import { Agent, createServer, type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'
import { listen } from '../tools/listen.ts'

/** One HTTP call: `ms` from its last byte's arrival to the answer's last byte. */
export type Call = { body: string; ms: number }

export interface Recorder {
  /** What the Worker connects to: it sends its calls to this loopback host and port. */
  connectionString: string
  /** What `use` returned, and the calls that came meanwhile and those still open at its end. */
  record<T>(use: () => Promise<T>): Promise<{ result: T; calls: Call[] }>
  close(): Promise<void>
}

/** Quiet for this long, the Worker has sent what it sends behind an answer. */
const IDLE_MS = 5

/** @param endpoint the connection string of the one that takes the calls */
export async function startRecorder(endpoint: string): Promise<Recorder> {
  const agent = new Agent({ keepAlive: true })
  let calls: Call[] = []
  let open = 0
  const server = createServer(async (incoming, outgoing) => {
    open++
    const body = await text(incoming)
    const startedAt = performance.now()
    try {
      const answer = await forward(endpoint, agent, incoming, body)
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
  endpoint: string,
  agent: Agent,
  incoming: IncomingMessage,
  body: string,
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
