/** Runs a tool in this process, since starting a process takes most of a second. */

import { format } from 'node:util'
import { vi } from 'vitest'
import { type Command, type CommandInput, runCommand } from '../../tools/command-line.ts'

/** The exports of a tool's module. */
export type Tool<C extends Command> = {
  COMMAND: C
  main(input: CommandInput<C>): Promise<void>
}

/** Runs the tool with `env` merged into the environment; `undefined` unsets a variable. */
export async function runTool<C extends Command>(
  { COMMAND, main }: Tool<C>,
  args: string[],
  env: Record<string, string | undefined> = {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  const { argv, exitCode } = process
  const printed = { log: '', error: '' }
  const spies = (['log', 'error'] as const).map((method) =>
    vi.spyOn(console, method).mockImplementation((...values) => {
      printed[method] += `${format(...values)}\n`
    }),
  )
  process.argv = [process.execPath, COMMAND.name, ...args]
  process.exitCode = 0
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value)
  try {
    await runCommand(COMMAND, main)
    return { code: process.exitCode, stdout: printed.log, stderr: printed.error }
  } finally {
    process.argv = argv
    process.exitCode = exitCode
    vi.unstubAllEnvs()
    for (const spy of spies) spy.mockRestore()
  }
}
