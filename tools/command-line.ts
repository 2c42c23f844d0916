/**
 * The command line of every tool. A tool declares its flags once; parsing (`node:util` parseArgs,
 * strict) and the text of `--help` are both made from that declaration.
 */

import { isAbsolute, relative } from 'node:path'
import { parseArgs } from 'node:util'

/** One flag, as parseArgs takes it, with what `--help` says about it. */
export interface Flag {
  type: 'string' | 'boolean'
  /** What a `string` flag takes: `N`, `FILE`. */
  value?: string
  description: string
  default?: string | boolean
}

export interface Command {
  /** Its script in package.json. */
  name: string
  /** Complete sentences; may have several lines. */
  description: string
  flags: Record<string, Flag>
  /** The one positional parameter: `FILE`, or `[FILE]` if it may be left out. Else none is taken. */
  operand?: string
  /** The program that all arguments are passed on to: it refuses what is not declared here. */
  forwardsTo?: string
}

/** What a command was given. */
export interface CommandInput<C extends Command> {
  flags: ReturnType<typeof parseArgs<{ options: C['flags'] }>>['values']
  operand: Operand<C['operand']>
  /** All of it, as it was given. */
  args: string[]
}

type Operand<T> = T extends `[${string}`
  ? string | undefined
  : T extends string
    ? string
    : undefined

/** A failure whose message is shown as it is, without a stack. */
export class CommandError extends Error {}

/**
 * Runs a tool's `main`, or prints its usage if `--help` is given. Whatever is thrown is one line on
 * stderr and exit code 1.
 */
export async function runCommand<C extends Command>(
  command: C,
  main: (input: CommandInput<C>) => Promise<void>,
): Promise<void> {
  const args = process.argv.slice(2)
  try {
    if (args.includes('--help') || args.includes('-h')) console.log(usage(command))
    else await main(parseCommandLine(command, args))
  } catch (error) {
    console.error(`${command.name}: ${errorMessage(error)}`)
    process.exitCode = 1
  }
}

/** Reads the arguments of a command. Throws a CommandError for any that it does not take. */
export function parseCommandLine<C extends Command>(
  command: C,
  args: string[],
  env: NodeJS.ProcessEnv = process.env,
): CommandInput<C> {
  refuseSwallowedFlags(command, env)
  const { values, positionals } = parse(command, args)
  const [operand, ...more] = positionals
  if (!command.forwardsTo) {
    const unexpected = command.operand ? more[0] : operand
    if (unexpected !== undefined) throw refusal(command, `unexpected argument '${unexpected}'`)
    if (operand === undefined && command.operand && !command.operand.startsWith('[')) {
      throw refusal(command, `${command.operand} is missing`)
    }
  }
  // `command` has the types, which parseArgs has checked.
  return { flags: values, operand, args } as CommandInput<C>
}

function parse(command: Command, args: string[]) {
  const strict = command.forwardsTo === undefined
  try {
    return parseArgs({ args, options: command.flags, allowPositionals: true, strict })
  } catch (error) {
    // "Unknown option '--x'. To specify a positional argument …"
    const [reason = ''] = errorMessage(error).split('. ')
    throw refusal(command, reason.charAt(0).toLowerCase() + reason.slice(1))
  }
}

function refusal({ name }: { name: string }, reason: string): CommandError {
  return new CommandError(`${reason}; see npm run ${name} -- --help`)
}

/**
 * `npm run sync --prune` gives the flag to npm, which runs the script without it and leaves it in
 * the environment. A command that ran anyway would do what was not asked, such as deploying for
 * real instead of `--dry-run`.
 */
function refuseSwallowedFlags({ name, flags }: Command, env: NodeJS.ProcessEnv): void {
  if (env.npm_lifecycle_event !== name) return
  const swallowed = Object.keys(flags).find(
    (flag) => env[`npm_config_${flag.replaceAll('-', '_')}`],
  )
  if (swallowed === undefined) return
  throw new CommandError(
    `npm took --${swallowed} for itself; write: npm run ${name} -- --${swallowed}`,
  )
}

function usage({ name, description, flags, operand, forwardsTo }: Command): string {
  const rows = Object.entries(flags).map(([flag, { value, description, default: preset }]) => [
    `--${flag}${value ? ` ${value}` : ''}`,
    description + (typeof preset === 'string' ? ` (default: ${shortPath(preset)})` : ''),
  ])
  rows.push(['--help', 'print this text'])
  const width = Math.max(...rows.map(([left = '']) => left.length))
  const heads = [
    'npm run',
    name,
    '--',
    operand,
    '[flags]',
    forwardsTo && `[flags of ${forwardsTo}]`,
  ]
  return [
    `Usage: ${heads.filter(Boolean).join(' ')}`,
    description,
    rows.map(([left = '', right]) => `  ${left.padEnd(width)}  ${right}`).join('\n'),
  ].join('\n\n')
}

function shortPath(preset: string): string {
  return isAbsolute(preset) ? relative(process.cwd(), preset) : preset
}

/** What an error says, on one line unless a tool has worded it; no stack, no SQL. */
export function errorMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error instanceof CommandError) return error.message
  // Drizzle's errors hold the SQL, and the reason as their cause.
  if (error.cause instanceof Error) return errorMessage(error.cause)
  // Errors of several addresses tried (AggregateError) have a code, but no message.
  const message = error.message || ('code' in error ? String(error.code) : error.name)
  const detail = 'detail' in error && error.detail ? `: ${error.detail}` : ''
  return `${message}${detail}`.split('\n')[0] ?? message
}

/** Reads a `--port` flag; throws if it is not a port. */
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
