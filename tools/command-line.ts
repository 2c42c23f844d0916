/**
 * The command line of every tool. Each tool declares its flags once, for both parsing (`node:util`
 * parseArgs) and `--help`.
 */

import { isAbsolute, relative } from 'node:path'
import { parseArgs } from 'node:util'

/** A flag, as parseArgs takes it, and its description in `--help`. */
export interface Flag {
  type: 'string' | 'boolean'
  /** Placeholder for the value of a `string` flag in `--help`: `N`, `FILE`. */
  value?: string
  description: string
  default?: string | boolean
}

export interface Command {
  /** Its script in package.json. */
  name: string
  /** Full sentences; may span several lines. */
  description: string
  flags: Record<string, Flag>
  /** The positional argument: `FILE`, or `[FILE]` if it is optional. Without it, none is accepted. */
  operand?: string
  /** The program that receives all arguments, and validates those not declared here. */
  forwardsTo?: string
}

/** The parsed command line. */
export interface CommandInput<C extends Command> {
  flags: ReturnType<typeof parseArgs<{ options: C['flags'] }>>['values']
  operand: Operand<C['operand']>
  /** All arguments, unparsed. */
  args: string[]
}

type Operand<T> = T extends `[${string}`
  ? string | undefined
  : T extends string
    ? string
    : undefined

/** An error whose message is printed verbatim, without a stack. */
export class CommandError extends Error {}

/** Runs a tool's `main`, or prints its usage for `--help`. Errors go to stderr, with exit code 1. */
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

/** Parses the arguments of a command. Throws a CommandError for one that it does not accept. */
export function parseCommandLine<C extends Command>(
  command: C,
  args: string[],
  env: NodeJS.ProcessEnv = process.env,
): CommandInput<C> {
  refuseFlagsTakenByNpm(command, env)
  const { values, positionals } = parse(command, args)
  const [operand, ...more] = positionals
  if (!command.forwardsTo) {
    const unexpected = command.operand ? more[0] : operand
    if (unexpected !== undefined) throw refusal(command, `unexpected argument '${unexpected}'`)
    if (operand === undefined && command.operand && !command.operand.startsWith('[')) {
      throw refusal(command, `${command.operand} is missing`)
    }
  }
  // Boundary: parseArgs has checked the values against `command.flags`.
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
 * In `npm run deploy --dry-run`, npm keeps the flag to itself and only sets an environment
 * variable. Running the command without it would deploy for real.
 */
function refuseFlagsTakenByNpm({ name, flags }: Command, env: NodeJS.ProcessEnv): void {
  if (env.npm_lifecycle_event !== name) return
  const taken = Object.keys(flags).find((flag) => env[`npm_config_${flag.replaceAll('-', '_')}`])
  if (taken === undefined) return
  throw new CommandError(`npm took --${taken} for itself; write: npm run ${name} -- --${taken}`)
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

/** The message of an error without stack or SQL; one line, except for a CommandError. */
export function errorMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error instanceof CommandError) return error.message
  // Drizzle's errors contain the SQL; their cause is the database's error.
  if (error.cause instanceof Error) return errorMessage(error.cause)
  // The AggregateError of a host with several addresses has a code but no message.
  const message = error.message || ('code' in error ? String(error.code) : error.name)
  const detail = 'detail' in error && error.detail ? `: ${error.detail}` : ''
  return `${message}${detail}`.split('\n')[0] ?? message
}

/** Parses a `--port` flag. Throws a CommandError if it is not a port. */
export function parsePort(text: string): number {
  const port = Number(text)
  if (!/^[1-9]\d{0,4}$/.test(text) || port > 65535) throw new CommandError(`not a port: ${text}`)
  return port
}

/** Validates a `--database` flag or DATABASE_URL. The error never repeats it. */
export function parseDatabaseUrl(text: string, origin: string): string {
  const protocol = URL.canParse(text) ? new URL(text).protocol : ''
  if (protocol !== 'postgres:' && protocol !== 'postgresql:') {
    throw new CommandError(`${origin} must be a postgres:// URL`)
  }
  return text
}

/** Reads DATABASE_URL. Throws a CommandError if it is not set. */
export function requireDatabaseUrl(): string {
  const databaseUrl = process.env.DATABASE_URL
  if (!databaseUrl) throw new CommandError('DATABASE_URL is not set')
  return parseDatabaseUrl(databaseUrl, 'DATABASE_URL')
}
