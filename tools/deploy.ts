/**
 * Deploys the Worker: checks its secrets, migrates DATABASE_URL, then `wrangler deploy`. Migrations
 * first: they leave what the running Worker reads (expand, then contract in a later release).
 *
 *     DATABASE_URL=postgres://… npm run deploy -- [--name NAME] [flags of wrangler deploy]
 *
 * `--dry-run` only builds.
 */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { unstable_readConfig } from 'wrangler'
import { CommandError, requireDatabaseUrl, runCommand } from './command-line.ts'
import { migrateDatabase } from './migrate.ts'

const CONFIG = fileURLToPath(new URL('../wrangler.toml', import.meta.url))
const WRANGLER = fileURLToPath(new URL('../node_modules/wrangler/bin/wrangler.js', import.meta.url))

/** Says what is missing of the secrets that a deployed Worker needs, or nothing. */
export function missingSecret(names: readonly string[], jwksUrl: string): string | undefined {
  if (!names.includes('DATABASE_URL')) return 'DATABASE_URL'
  if (!names.includes('AUTH_JWT_SECRET') && jwksUrl === '') return 'AUTH_JWT_SECRET'
  return undefined
}

/** Those of the flags that say which Worker is meant, however they are written. */
export function workerFlags(flags: readonly string[]): string[] {
  const { values } = parseArgs({
    args: [...flags],
    options: { name: { type: 'string' }, env: { type: 'string', short: 'e' } },
    strict: false,
  })
  return Object.entries(values).flatMap(([flag, value]) =>
    flag === 'name' || flag === 'env' ? [`--${flag}`, `${value}`] : [],
  )
}

async function main(): Promise<void> {
  const flags = process.argv.slice(2)
  if (!flags.includes('--dry-run')) {
    const databaseUrl = requireDatabaseUrl()
    await requireSecrets(flags)
    await migrateDatabase(databaseUrl)
    console.log('the database is up to date')
  }
  await wrangler(['deploy', ...flags], 'inherit')
}

async function requireSecrets(flags: string[]): Promise<void> {
  const list = ['secret', 'list', ...workerFlags(flags)]
  const secrets: unknown = JSON.parse(await wrangler(list, 'pipe'))
  const names = Array.isArray(secrets) ? secrets.map((secret) => String(secret.name)) : []
  const { vars } = unstable_readConfig({ config: CONFIG }, { hideWarnings: true })
  const missing = missingSecret(names, String(vars.AUTH_JWKS_URL ?? ''))
  if (missing) throw new CommandError(`set it first: npx wrangler secret put ${missing}`)
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

if (import.meta.main) await runCommand('deploy', main)
