/** What the tools have in common on the command line: one clear line on failure, exit code 1. */

/** A failure that is told as it is, without a stack. */
export class CommandError extends Error {}

/** Runs a tool's `main`; whatever it throws is one line on stderr and exit code 1. */
export async function runCommand(name: string, main: () => Promise<void>): Promise<void> {
  try {
    await main()
  } catch (error) {
    console.error(`${name}: ${reasonOf(error)}`)
    process.exitCode = 1
  }
}

/** What an error says, on one line unless a tool has worded it; no stack, no SQL. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error instanceof CommandError) return error.message
  // Drizzle's errors hold the SQL, and the reason as their cause.
  if (error.cause instanceof Error) return reasonOf(error.cause)
  // Errors of several addresses tried (AggregateError) have a code, but no message.
  const message = error.message || ('code' in error ? String(error.code) : error.name)
  const detail = 'detail' in error && error.detail ? `: ${error.detail}` : ''
  return `${message}${detail}`.split('\n')[0] ?? message
}

/** Reads a `--port` flag; throws where it is not a port. */
export function parsePort(text: string): number {
  const port = Number(text)
  if (!/^[1-9]\d{0,4}$/.test(text) || port > 65535) throw new CommandError(`not a port: ${text}`)
  return port
}

/** Reads a `--database` flag or DATABASE_URL; the message never repeats it. */
export function parseDatabaseUrl(text: string, origin: string): string {
  const protocol = URL.canParse(text) ? new URL(text).protocol : ''
  if (protocol !== 'postgres:' && protocol !== 'postgresql:') {
    throw new CommandError(`${origin} must be a postgres:// URL`)
  }
  return text
}

/** DATABASE_URL, which the command needs. */
export function requireDatabaseUrl(): string {
  const databaseUrl = process.env.DATABASE_URL
  if (!databaseUrl) throw new CommandError('DATABASE_URL is not set')
  return parseDatabaseUrl(databaseUrl, 'DATABASE_URL')
}
