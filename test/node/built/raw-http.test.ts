/** Malformed HTTP, sent to the Worker as deployed. */

import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { signToken } from '../../../tools/token.ts'
import { AUTH_SECRET, type RunningWorker, startWorker } from '../../../tools/workerd.ts'
import { bundledWorker } from '../../harness/worker-bundle.ts'

let worker: RunningWorker
let token: string

beforeAll(async () => {
  // No database listens on this port: these requests must not need one.
  const DATABASE_URL = 'postgres://test:test-only@127.0.0.1:9/catalog'
  worker = await startWorker(await bundledWorker(), { DATABASE_URL })
  token = await signToken({ subject: 'tester', expires: '1h' }, AUTH_SECRET)
})

afterAll(() => worker.close())

/** Sends the bytes, and returns everything received until the connection ends. */
async function send(bytes: string): Promise<string> {
  const socket = connect(Number(new URL(worker.origin).port), '127.0.0.1')
  socket.on('error', () => {})
  await once(socket, 'connect')
  socket.write(bytes)
  return text(socket).catch(() => '')
}

function statuses(answer: string): string[] {
  return [...answer.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(([, status]) => status ?? '')
}

it.each([
  [
    'both Content-Length and Transfer-Encoding',
    'Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nG',
  ],
  [
    'two Content-Lengths',
    'Content-Length: 0\r\nContent-Length: 44\r\n\r\nGET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n',
  ],
  ['a folded header', 'X-A: b\r\n c\r\n\r\n'],
  ['a header without a name', ': x\r\n\r\n'],
  ['a blank before the colon', 'Authorization : Bearer x\r\n\r\n'],
  ['a NUL in a header', 'X-A: a\0b\r\n\r\n'],
  ['a bare CR in a header', 'X-A: a\rX-B: c\r\n\r\n'],
])('%s is never a 5xx or a page', async (_, rest) => {
  const answer = await send(
    `GET /assets HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${rest}`,
  )
  expect(['400', '401', '431']).toEqual(expect.arrayContaining(statuses(answer)))
})

it.each([
  [
    'a header of 200 kB',
    `GET /livez HTTP/1.1\r\nHost: localhost\r\nX-A: ${'a'.repeat(200_000)}\r\n`,
  ],
  ['a URL of 200 kB', `GET /livez?${'a'.repeat(200_000)} HTTP/1.1\r\nHost: localhost\r\n`],
  ['10,000 headers', `GET /livez HTTP/1.1\r\nHost: localhost\r\n${'X-A: b\r\n'.repeat(10_000)}`],
])('%s does not affect the next request', async (_, request) => {
  const answer = await send(`${request}Connection: close\r\n\r\n`)
  expect(['200', '400', '414', '431']).toEqual(expect.arrayContaining(statuses(answer)))
  expect((await fetch(`${worker.origin}/livez`)).status).toBe(200)
})

it.each([
  ['localhost', ['308'], '/assets?page[size]=1'],
  ['127.0.0.1:1', ['308'], '/assets?page[size]=1'],
  ['localhost:99999', ['400'], undefined],
  ['localhost/../b', ['404'], undefined],
  ['evil.example', ['403'], undefined],
  ['evil.example:99999', ['400'], undefined],
  ['a/../b', ['403'], undefined],
  ['a b', ['400'], undefined],
  ['', ['400'], undefined],
  ['<script>', ['400'], undefined],
])('the Host "%s" is answered by %j and redirected to %s', async (host, expected, location) => {
  const request = `GET /assets/?page[size]=1 HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${token}\r\nConnection: close\r\n\r\n`
  const answer = await send(request)
  expect(statuses(answer)).toEqual(expected)
  const [, redirectedTo] = /^Location: (.*)\r$/im.exec(answer) ?? []
  expect(redirectedTo).toBe(location)
})
