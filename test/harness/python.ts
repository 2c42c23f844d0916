import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { TestContext } from 'vitest'

const runFile = promisify(execFile)

/** Skips a test, with a message, if Python's `requests` is not installed. */
export async function skipWithoutRequests(context: TestContext): Promise<void> {
  const isMissing = await runFile('python3', ['-c', 'import requests']).then(
    () => false,
    () => true,
  )
  context.skip(isMissing, 'python3 has no module requests: apt-get install python3-requests')
}
