import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'

const UNTIL_STOPPED = fileURLToPath(new URL('../../../tools/dev/until-stopped.ts', import.meta.url))

/** Works until it is stopped, and then says so with an exit code that nothing else has. */
const SCRIPT = `
  import { untilStopped } from '${UNTIL_STOPPED}'
  const stopped = untilStopped()
  const work = setInterval(() => console.log('working'), 10)
  await stopped
  clearInterval(work)
  process.exitCode = 7`

type Child = ChildProcessByStdio<null, Readable, null>

it.each<[string, (child: Child) => unknown]>([
  ['Ctrl-C', (child) => child.kill('SIGINT')],
  ['SIGTERM', (child) => child.kill('SIGTERM')],
  ['the end of the terminal', (child) => child.kill('SIGHUP')],
  ['the end of whoever reads the output', (child) => child.stdout.destroy()],
])('a command can end what it started at %s', async (_, stop) => {
  const args = ['--input-type=module', '--eval', SCRIPT]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const exited = once(child, 'exit')
  await once(child.stdout, 'data')
  stop(child)
  expect(await exited).toEqual([7, null])
})
