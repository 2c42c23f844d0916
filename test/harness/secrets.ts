/** Secrets that must not be logged. */

import { expect } from 'vitest'

/** Fails if the lines contain one of the secrets, a token, a connection string or SQL. */
export function expectNoSecrets(lines: string[], secrets: string[]): void {
  const log = lines.join('\n')
  for (const secret of secrets) expect(log.includes(secret), secret).toBe(false)
  expect(log).not.toMatch(/eyJ|postgres(ql)?:|\bselect\b|catalog_revision/i)
}
