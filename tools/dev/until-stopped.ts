/** The end of a command that runs until it is stopped. */

/**
 * Resolves at Ctrl-C, SIGTERM, the end of the terminal or of whoever reads the output, and keeps
 * each from ending this process at once, which would leave what it started behind.
 */
export function untilStopped(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  process.on('SIGINT', resolve).on('SIGTERM', resolve).on('SIGHUP', resolve)
  for (const output of [process.stdout, process.stderr]) output.on('error', resolve)
  return promise
}
