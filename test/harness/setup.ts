/**
 * Setup of each test file of the Worker: gives it a database, and checks after each test that all
 * answers match the OpenAPI document and that the log contains no secrets.
 */

import { env } from 'cloudflare:workers'
import { afterAll, afterEach, beforeAll, beforeEach, expect, vi } from 'vitest'
import { checkAnswersBy } from './contract.ts'
import { expectNoSecrets } from './secrets.ts'
import { answerChecks, collectLogs, databaseUrls, logged, SECRET, startIsolate } from './worker.ts'

// Files share the data center's cache: with a version of its own, each finds it empty.
env.VERSION = { id: crypto.randomUUID(), tag: '', timestamp: '' }

beforeAll(async () => {
  collectLogs()
  await checkAnswersBy(await (await startIsolate()).fetch('https://api.example/openapi.json'))
})

beforeEach(() => {
  collectLogs()
  // Ages must not depend on the speed of the machine.
  vi.useFakeTimers({ toFake: ['Date'] })
})

afterEach(() => {
  vi.useRealTimers()
})

afterEach(expectContractAndNoSecrets)
// Covers requests and log lines of `afterAll` hooks.
afterAll(expectContractAndNoSecrets)

async function expectContractAndNoSecrets() {
  const checks = await Promise.all(answerChecks.splice(0))
  expect([...new Set(checks.flatMap(({ mismatches }) => mismatches))]).toEqual([])
  expectNoSecrets(logged.splice(0), [SECRET, databaseUrls().worker, 'hunter2'])
}
