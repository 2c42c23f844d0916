/** Writes the output of a command, to a file or to stdout. */

import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { realpath, rename, rm, stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { CommandError } from '../command-line.ts'

/** Readers of `file` see all of its old content or all of the new, whatever interrupts the writing. */
export async function writeAtomically(
  file: string,
  lines: AsyncIterable<string>,
  signal: AbortSignal,
): Promise<void> {
  // A link stays, and what it links to is replaced.
  const path = await realpath(file).catch(() => file)
  const existing = await stat(path).catch(() => undefined)
  // Renaming would replace a pipe or device, such as /dev/null.
  if (existing && !existing.isFile()) throw new CommandError(`${file} is not a regular file`)
  const draft = `${path}.${randomUUID()}`
  try {
    await pipeline(Readable.from(lines), createWriteStream(draft, { flags: 'wx' }), { signal })
    await rename(draft, path)
  } catch (error) {
    await rm(draft, { force: true })
    throw reasonOfAbort(signal) ?? unwritable(error, file) ?? error
  }
}

/** Ends quietly if the reader of stdout has enough, as `head` has. */
export async function writeToStdout(
  lines: AsyncIterable<string>,
  signal: AbortSignal,
): Promise<void> {
  try {
    await pipeline(Readable.from(lines), process.stdout, { signal, end: false })
  } catch (error) {
    if (systemCode(error) === 'EPIPE') return
    throw reasonOfAbort(signal) ?? error
  }
}

function reasonOfAbort(signal: AbortSignal): unknown {
  return signal.aborted ? signal.reason : undefined
}

function unwritable(error: unknown, file: string): CommandError | undefined {
  const isOfFile = error instanceof Error && 'syscall' in error && 'path' in error
  return isOfFile ? new CommandError(`${file} cannot be written: ${systemCode(error)}`) : undefined
}

function systemCode(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
