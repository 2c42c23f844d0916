/** Shared database calls of the Worker as deployed, whose clients may disconnect. */

import { createServer, get } from 'node:http'
import { text } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { listen } from '../../../tools/listen.ts'
import { serveNeonLocal } from '../../../tools/neon-local/neon-local.ts'
import { signToken } from '../../../tools/token.ts'
import { AUTH_SECRET, type RunningWorker, startWorker } from '../../../tools/workerd.ts'
import { servePreparedPglite } from '../../harness/prepared-database.ts'
import { bundledWorker } from '../../harness/worker-bundle.ts'

const running = new AsyncDisposableStack()
let worker: RunningWorker
let headers: Record<string, string>
let calls = 0
let gate = Promise.withResolvers<void>()

beforeAll(async () => {
  const postgres = await servePreparedPglite('migrated')
  running.defer(() => postgres.close())
  const neon = await serveNeonLocal({ databaseUrl: postgres.url })
  running.defer(() => neon.close())

  const gated = createServer(async (request, response) => {
    calls++
    const body = await text(request)
    await gate.promise
    const answer = await fetch(neon.url, {
      method: 'POST',
      headers: request.headers as Record<string, string>,
      body,
    })
    response.writeHead(answer.status)
    response.end(await answer.text())
  })
  const port = await listen(gated, 0, '127.0.0.1')
  running.defer(() => {
    gated.closeAllConnections()
    gated.close()
  })

  const DATABASE_URL = neon.connectionString.replace(/:\d+\//, `:${port}/`)
  const vars = { DATABASE_URL, DATABASE_TIMEOUT_MS: 60_000 }
  worker = await startWorker(await bundledWorker(), vars)
  running.defer(() => worker.close())
  const token = await signToken({ subject: 'tester', expires: '1h' }, AUTH_SECRET)
  headers = { Authorization: `Bearer ${token}` }
})

afterAll(() => running.disposeAsync())

it('a database call continues if the client that caused it disconnects', async () => {
  const url = `${worker.origin}/assets?page[size]=7`
  const leader = get(url, { headers })
  leader.on('error', () => {})
  while (calls === 0) await setTimeout(5)
  const followers = [1, 2, 3].map(() => fetch(url, { headers }))
  await setTimeout(100)
  leader.destroy()
  await setTimeout(100)
  gate.resolve()
  for (const response of await Promise.all(followers)) {
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({ status: 'success', data: [] })
  }
  expect(calls).toBe(1)
})

it('requests that wait for the call of another are answered', async () => {
  calls = 0
  gate = Promise.withResolvers()
  const url = `${worker.origin}/assets?page[size]=8`
  const answers = Array.from({ length: 50 }, () => fetch(url, { headers }))
  await setTimeout(1000)
  gate.resolve()
  for (const response of await Promise.all(answers)) expect(response.status).toBe(200)
  expect(calls).toBe(1)
})
