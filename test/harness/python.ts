import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { TestContext } from 'vitest'

const runFile = promisify(execFile)

/** Skips a test, with a message, if Python does not have the module. */
export async function skipWithoutModule(
  context: TestContext,
  name: 'requests' | 'httpx',
): Promise<void> {
  const isMissing = await runFile('python3', ['-c', `import ${name}`]).then(
    () => false,
    () => true,
  )
  context.skip(isMissing, `python3 has no module ${name}: apt-get install python3-${name}`)
}
