/** Waits for the end of a command that runs until it is stopped. */

/**
 * Resolves at Ctrl-C, SIGTERM, or when the terminal or the reader of the output is closed. None of
 * these then ends the process directly, which would leave its children behind.
 */
export function untilStopped(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  process.on('SIGINT', resolve).on('SIGTERM', resolve).on('SIGHUP', resolve)
  for (const output of [process.stdout, process.stderr]) output.on('error', resolve)
  return promise
}
