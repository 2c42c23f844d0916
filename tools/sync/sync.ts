/** `npm run sync`: copies the catalog of GFW or another deployment of this API. */

import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openTarget, TARGET_TEXT } from '../catalog/target.ts'
import {
  type Command,
  CommandError,
  type CommandInput,
  parseDatabaseUrl,
  runCommand,
} from '../command-line.ts'
import { DATA_DIR_FLAG } from '../dev/database.ts'
import { type SyncOptions, syncCatalog } from './catalog.ts'
import { createReadProgress } from './progress.ts'

const DEV_DIR = fileURLToPath(new URL('../../.dev', import.meta.url))

export const COMMAND = {
  name: 'sync',
  description: `Copies the catalog of GFW or another deployment of this API into the database, completely or not
at all. Run it again within 24 hours to resume after Ctrl-C or an error. ${TARGET_TEXT}`,
  flags: {
    from: {
      type: 'string',
      value: 'URL',
      description: 'URL of the source without /assets; required',
    },
    token: {
      type: 'string',
      value: 'T',
      description:
        'bearer token (default: SYNC_TOKEN, which is hidden from other users of the machine)',
    },
    'page-size': { type: 'string', value: 'N', description: 'assets per page', default: '100' },
    prune: {
      type: 'boolean',
      description: 'remove assets that the source no longer has, and versions without assets',
      default: false,
    },
    force: {
      type: 'boolean',
      description: 'let --prune remove more than a fifth of the stored assets',
      default: false,
    },
    partial: {
      type: 'boolean',
      description: 'write the assets found even if some are missing',
      default: false,
    },
    'dry-run': {
      type: 'boolean',
      description: 'count the changes without writing them',
      default: false,
    },
    report: {
      type: 'string',
      value: 'FILE',
      description: 'report of what was skipped and why (default: .dev/sync-<host>-report.json)',
    },
    state: {
      type: 'string',
      value: 'FILE',
      description: 'file to resume from, removed on success (default: .dev/sync-<host>.ndjson)',
    },
    timeout: {
      type: 'string',
      value: 'SECONDS',
      description: 'time limit of a request',
      default: '90',
    },
    tries: { type: 'string', value: 'N', description: 'attempts per request', default: '6' },
    'data-dir': DATA_DIR_FLAG,
  },
} as const satisfies Command

type Flags = CommandInput<typeof COMMAND>['flags']

async function main({ flags }: { flags: Flags }): Promise<void> {
  const options = parseOptions(flags)
  // Fail before the crawl, not after it.
  if (process.env.DATABASE_URL) parseDatabaseUrl(process.env.DATABASE_URL, 'DATABASE_URL')
  const progress = createReadProgress()
  const result = await syncCatalog(() => openTarget(resolve(flags['data-dir'])), {
    ...options,
    onFound: progress.update,
    onWarning: (warning) => console.error(`sync: ${warning}`),
  }).finally(progress.stop)
  if (flags['dry-run']) console.log('dry run: nothing was written; the changes would be:')
  if (result.skipped > 0) console.log(`report of skipped assets: ${options.reportFile}`)
  const { inserted, updated, unchanged, removed, skipped } = result
  console.log(
    `inserted ${inserted}, updated ${updated}, unchanged ${unchanged}, removed ${removed}, skipped ${skipped}`,
  )
}

/** Parses the flags. Throws a CommandError for an invalid value. */
export function parseOptions(flags: Flags): SyncOptions {
  const from = parseSource(flags.from)
  const name = `${DEV_DIR}/sync-${from.host.replaceAll(/[^\w.-]/g, '-')}`
  return {
    from: from.href,
    token: flags.token || process.env.SYNC_TOKEN,
    pageSize: parseCount(flags['page-size'], '--page-size'),
    timeoutMs: parseCount(flags.timeout, '--timeout') * 1000,
    tries: parseCount(flags.tries, '--tries'),
    prune: flags.prune,
    force: flags.force,
    partial: flags.partial,
    dryRun: flags['dry-run'],
    reportFile: resolve(flags.report ?? `${name}-report.json`),
    stateFile: resolve(flags.state ?? `${name}.ndjson`),
  }
}

/** The error never repeats the URL, which may contain a password. */
function parseSource(text: string | undefined): URL {
  if (!text) throw new CommandError('--from URL is missing')
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') {
    throw new CommandError('--from must be an http:// or https:// URL')
  }
  if (url.username || url.password || url.search || url.hash) {
    throw new CommandError('--from must have neither credentials nor a query')
  }
  return url
}

function parseCount(text: string, flag: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new CommandError(`${flag} must be a whole number from 1`)
  return Number(text)
}

if (import.meta.main) await runCommand(COMMAND, main)
