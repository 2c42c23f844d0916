/** Requests to a Worker: one at a time or as told, and load from a process of its own. */

import { execFile } from 'node:child_process'
import { Agent, type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** `ms` from sending to the body's last byte. */
export type Answer = { status: number; headers: IncomingHttpHeaders; body: string; ms: number }

export interface Client {
  /** Rejects where the answer is an error. */
  get(pathOrUrl: string): Promise<Answer>
  send(method: string, path: string, headers: OutgoingHttpHeaders, body: string): Promise<Answer>
  close(): void
}

/** @param connections at most; kept open between requests */
export function connect(
  origin: string,
  headers: OutgoingHttpHeaders,
  connections = Number.POSITIVE_INFINITY,
): Client {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  async function send(method: string, path: string, more: OutgoingHttpHeaders, body: string) {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>()
    const startedAt = performance.now()
    const options = { agent, method, headers: { ...headers, ...more } }
    request(new URL(path, origin), options, async (incoming) => {
      try {
        const answer = await text(incoming)
        const ms = performance.now() - startedAt
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: answer, ms })
      } catch (error) {
        reject(error)
      }
    })
      .on('error', reject)
      .end(body)
    return await promise
  }
  return {
    send,
    async get(path) {
      const answer = await send('GET', path, {}, '')
      if (answer.status !== 200) {
        throw new Error(`${answer.status} to ${path}: ${answer.body.slice(0, 200)}`)
      }
      return answer
    },
    close: () => agent.destroy(),
  }
}

/** Requests one URL for some seconds over 16 connections; rejects where any answer is not 2xx. */
export async function generateLoad(
  url: string,
  seconds: number,
  authorization: string,
): Promise<{ requests: number; requestsPerSecond: number }> {
  const autocannon = fileURLToPath(import.meta.resolve('autocannon'))
  const flags = ['--connections', '16', '--duration', `${seconds}`, '--json', '--no-progress']
  const header = `authorization=${authorization}`
  const running = run(process.execPath, [autocannon, ...flags, '--headers', header, url], {
    maxBuffer: 2 ** 24,
  })
  const end = () => running.child.kill()
  process.once('exit', end)
  const { stdout } = await running.finally(() => process.off('exit', end))
  const result = JSON.parse(stdout)
  if (result.non2xx || result.errors) {
    throw new Error(`${result.non2xx} error answers and ${result.errors} errors from ${url}`)
  }
  return { requests: result['2xx'], requestsPerSecond: result['2xx'] / result.duration }
}
