/** Writes the output of a command to a file or stdout. */

import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { realpath, rename, rm, stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { CommandError } from '../command-line.ts'

/** Replaces `file` atomically: readers see the old content or the new, even after an interruption. */
export async function writeAtomically(
  file: string,
  lines: AsyncIterable<string>,
  signal: AbortSignal,
): Promise<void> {
  // Replaces the target of a symbolic link, not the link.
  const path = await realpath(file).catch(() => file)
  const existing = await stat(path).catch(() => undefined)
  // A rename would replace a pipe or a device such as /dev/null.
  if (existing && !existing.isFile()) throw new CommandError(`${file} is not a regular file`)
  const draft = `${path}.${randomUUID()}`
  try {
    await pipeline(Readable.from(lines), createWriteStream(draft, { flags: 'wx' }), { signal })
    await rename(draft, path)
  } catch (error) {
    await rm(draft, { force: true })
    throw abortReason(signal) ?? unwritable(error, file) ?? error
  }
}

/** Returns without an error if the reader closes stdout, as `head` does. */
export async function writeToStdout(
  lines: AsyncIterable<string>,
  signal: AbortSignal,
): Promise<void> {
  try {
    await pipeline(Readable.from(lines), process.stdout, { signal, end: false })
  } catch (error) {
    if (systemCode(error) === 'EPIPE') return
    throw abortReason(signal) ?? error
  }
}

function abortReason(signal: AbortSignal): unknown {
  return signal.aborted ? signal.reason : undefined
}

function unwritable(error: unknown, file: string): CommandError | undefined {
  const isFileError = error instanceof Error && 'syscall' in error && 'path' in error
  return isFileError
    ? new CommandError(`${file} cannot be written: ${systemCode(error)}`)
    : undefined
}

function systemCode(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
