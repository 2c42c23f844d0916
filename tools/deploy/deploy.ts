/**
 * Deploys the Worker: builds it, checks its secrets, migrates DATABASE_URL, then runs `wrangler
 * deploy`. The migrations come first: they keep what the running Worker reads (expand, then contract
 * in a later release). The Worker gets a digest of its bundle, CODE_VERSION.
 */

import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import {
  type Command,
  CommandError,
  type CommandInput,
  requireDatabaseUrl,
  runCommand,
} from '../command-line.ts'
import { migrateDatabase } from './migrate.ts'

const CONFIG = fileURLToPath(new URL('../../wrangler.toml', import.meta.url))
const WRANGLER = fileURLToPath(
  new URL('../../node_modules/wrangler/bin/wrangler.js', import.meta.url),
)

const DIGEST_CHARACTERS = 32

/** The first secret that a deployed Worker needs and does not have, if any. */
export function missingSecret(names: readonly string[], jwksUrl: string): string | undefined {
  if (!names.includes('DATABASE_URL')) return 'DATABASE_URL'
  if (!names.includes('AUTH_JWT_SECRET') && jwksUrl === '') return 'AUTH_JWT_SECRET'
  return undefined
}

/** The flags that identify the Worker, in whatever spelling wrangler accepts. */
export function workerFlags(flags: readonly string[]): Partial<Record<WorkerFlag, string>> {
  const { values } = parseArgs({ args: [...flags], options: WORKER_FLAGS, strict: false })
  const names = Object.keys(WORKER_FLAGS) as WorkerFlag[]
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = values[name]
      return typeof value === 'string' ? [[name, value]] : []
    }),
  )
}

const WORKER_FLAGS = {
  name: { type: 'string' },
  env: { type: 'string', short: 'e' },
  config: { type: 'string', short: 'c' },
} as const
type WorkerFlag = keyof typeof WORKER_FLAGS

/** wrangler's flags whose loss would deploy something else, if npm took them for itself. */
export const COMMAND = {
  name: 'deploy',
  description: `Checks the Worker's secrets, migrates the database of DATABASE_URL, which is required, and
deploys. --env is required too. \`npx wrangler deploy --help\` shows all flags that are passed on.`,
  forwardsTo: 'wrangler deploy',
  flags: {
    'dry-run': { type: 'boolean', description: 'build only; needs no database' },
    env: { type: 'string', value: 'NAME', description: 'environment in wrangler.toml; required' },
    name: { type: 'string', value: 'NAME', description: 'another name of the Worker' },
    domain: { type: 'string', value: 'HOST', description: 'custom domain to deploy to' },
    domains: { type: 'string', value: 'HOST…', description: 'several of them' },
    route: { type: 'string', value: 'ROUTE', description: 'route to deploy to' },
    routes: { type: 'string', value: 'ROUTE…', description: 'several of them' },
    var: { type: 'string', value: 'KEY:VALUE', description: 'variable of the Worker' },
    'keep-vars': { type: 'boolean', description: 'keep variables set in the dashboard' },
    config: { type: 'string', value: 'FILE', description: 'another wrangler.toml' },
    tag: { type: 'string', value: 'TAG', description: 'of the deployed version' },
    message: { type: 'string', value: 'TEXT', description: 'of the deployed version' },
  },
} as const satisfies Command

export async function main({ args }: CommandInput<typeof COMMAND>): Promise<void> {
  const misspelled = args.find((flag) => /^--dry-?run/i.test(flag) && flag !== '--dry-run')
  if (misspelled) throw new CommandError(`write --dry-run instead of ${misspelled}`)
  // The top level of wrangler.toml is for development: it has no domain.
  if ((workerFlags(args).env ?? process.env.CLOUDFLARE_ENV) === undefined) {
    throw new CommandError('name the environment: npm run deploy -- --env production')
  }
  if (args.some((flag) => flag.startsWith('--outdir'))) {
    throw new CommandError('--outdir is not accepted: npm run build writes the bundle')
  }
  const databaseUrl = args.includes('--dry-run') ? undefined : requireDatabaseUrl()
  // First, because a flag that wrangler refuses, or code that it cannot build, must not cost a migration.
  const codeVersion = await digestOfBundle(args)
  if (databaseUrl !== undefined) {
    await requireSecrets(args)
    await migrateDatabase(databaseUrl)
    console.log('the database is up to date')
  }
  // At the end, because `--var` takes all values that follow it.
  await wrangler(['deploy', ...args, '--var', `CODE_VERSION:${codeVersion}`], 'inherit')
}

/** Equal for equal code, whatever the variables, the secrets and the pages for people are. */
async function digestOfBundle(args: string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'deploy-'))
  try {
    await wrangler(['deploy', '--dry-run', ...args, '--outdir', folder], 'pipe')
    const hash = createHash('sha256')
    const modules = (await readdir(folder)).filter((name) => !/^README\.md$|\.map$/.test(name))
    for (const name of modules.sort()) hash.update(name).update(await readFile(join(folder, name)))
    return hash.digest('hex').slice(0, DIGEST_CHARACTERS)
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function requireSecrets(args: string[]): Promise<void> {
  const worker = workerFlags(args)
  const flags = Object.entries(worker).flatMap(([name, value]) => [`--${name}`, value])
  const secrets: unknown = JSON.parse(await wrangler(['secret', 'list', ...flags], 'pipe'))
  const names = Array.isArray(secrets) ? secrets.map((secret) => String(secret.name)) : []
  // It takes a second to load, which `--help` can do without.
  const { unstable_readConfig } = await import('wrangler')
  const { vars } = unstable_readConfig({ config: CONFIG, ...worker }, { hideWarnings: true })
  const missing = missingSecret(names, String(vars.AUTH_JWKS_URL ?? ''))
  if (missing === undefined) return
  throw new CommandError(['set it first: npx wrangler secret put', missing, ...flags].join(' '))
}

async function wrangler(parameters: string[], output: 'inherit' | 'pipe'): Promise<string> {
  const child = spawn(process.execPath, [WRANGLER, ...parameters], {
    stdio: ['inherit', output, 'inherit'],
  })
  const [printed, [code]] = await Promise.all([
    child.stdout ? text(child.stdout) : '',
    once(child, 'exit'),
  ])
  if (code !== 0) throw new CommandError(`wrangler ${parameters[0]} failed`)
  return printed
}

if (import.meta.main) await runCommand(COMMAND, main)
