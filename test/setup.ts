/**
 * Setup of every test file of the Worker: at its end, every answer was as the API describes it, and
 * the log, which is collected, holds no secret.
 */

import { env } from 'cloudflare:workers'
import { afterAll, beforeEach, expect } from 'vitest'
import { judged } from './contract.ts'
import { collectLogs, judgements, logged, SECRET } from './worker.ts'

beforeEach(() => {
  collectLogs()
})

afterAll(async () => {
  await Promise.all(judgements)
  expect([...new Set(judged.faults)]).toEqual([])
})

afterAll(() => {
  const log = logged.join('\n')
  for (const secret of [SECRET, env.DATABASE_URL, 'hunter2']) {
    expect(log.includes(secret), secret).toBe(false)
  }
  // Tokens, connection strings, SQL.
  expect(log).not.toMatch(/eyJ|postgres(ql)?:|\bselect\b|catalog_revision/i)
})
