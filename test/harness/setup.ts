/**
 * Setup of every test file of the Worker: it has a database to itself, and after each test, every
 * answer was as the API describes it, and the log, which is collected, holds no secret.
 */

import { env } from 'cloudflare:workers'
import { afterAll, afterEach, beforeAll, beforeEach, expect, vi } from 'vitest'
import { checkAnswersBy, checkedAnswers } from './contract.ts'
import { expectNoSecrets } from './secrets.ts'
import { answerChecks, collectLogs, databaseUrls, logged, SECRET, startIsolate } from './worker.ts'

env.DATABASE_URL = databaseUrls().worker
// Files share a data center's cache: as another version of the Worker, each finds it empty.
env.VERSION = { id: crypto.randomUUID(), tag: '', timestamp: '' }

beforeAll(async () => {
  collectLogs()
  await checkAnswersBy(await (await startIsolate()).fetch('https://api.example/openapi.json'))
})

beforeEach(() => {
  collectLogs()
  // Time passes where a test lets it: ages and promises do not depend on how fast the machine is.
  vi.useFakeTimers({ toFake: ['Date'] })
})

afterEach(() => {
  vi.useRealTimers()
})

afterEach(expectContractAndNoSecrets)
// Requests and log lines of `afterAll` hooks belong to no test.
afterAll(expectContractAndNoSecrets)

async function expectContractAndNoSecrets() {
  await Promise.all(answerChecks.splice(0))
  expect([...new Set(checkedAnswers.faults.splice(0))]).toEqual([])
  expectNoSecrets(logged.splice(0), [SECRET, env.DATABASE_URL, 'hunter2'])
}
