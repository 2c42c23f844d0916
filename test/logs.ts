/** Setup of every test file of the Worker: its log is collected, and holds no secret at the end. */

import { env } from 'cloudflare:workers'
import { afterAll, beforeEach, expect } from 'vitest'
import { collectLogs, logged, SECRET } from './worker.ts'

beforeEach(() => {
  collectLogs()
})

afterAll(() => {
  const log = logged.join('\n')
  for (const secret of [SECRET, env.DATABASE_URL, 'hunter2']) {
    expect(log.includes(secret), secret).toBe(false)
  }
  // Tokens, connection strings, SQL.
  expect(log).not.toMatch(/eyJ|postgres(ql)?:|\bselect\b|catalog_revision/i)
})
