/**
 * Copies the catalog of GFW, or of another deployment of this API, into the database, all of it
 * or nothing.
 */

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
  description: `Copies the catalog of GFW, or of another deployment of this API, into the database, all of it or
nothing. After Ctrl-C or a fault, run it again within 24 hours: it goes on where it was.
${TARGET_TEXT}`,
  flags: {
    from: { type: 'string', value: 'URL', description: 'the source, without /assets; required' },
    token: {
      type: 'string',
      value: 'T',
      description:
        'bearer token (default: SYNC_TOKEN, which other users of the machine cannot see)',
    },
    'page-size': { type: 'string', value: 'N', description: 'assets a page', default: '100' },
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
      description: 'write what an incomplete read has found',
      default: false,
    },
    'dry-run': {
      type: 'boolean',
      description: 'count what would change, write nothing',
      default: false,
    },
    report: {
      type: 'string',
      value: 'FILE',
      description: 'what was skipped and why (default: .dev/sync-<host>-report.json)',
    },
    state: {
      type: 'string',
      value: 'FILE',
      description: 'pages read so far, removed on success (default: .dev/sync-<host>.ndjson)',
    },
    timeout: { type: 'string', value: 'SECONDS', description: 'for one page', default: '90' },
    tries: { type: 'string', value: 'N', description: 'for one page', default: '6' },
    'data-dir': DATA_DIR_FLAG,
  },
} as const satisfies Command

type Flags = CommandInput<typeof COMMAND>['flags']

async function main({ flags }: { flags: Flags }): Promise<void> {
  const options = parseOptions(flags)
  // Better now than after the read.
  if (process.env.DATABASE_URL) parseDatabaseUrl(process.env.DATABASE_URL, 'DATABASE_URL')
  const progress = createReadProgress()
  const result = await syncCatalog(() => openTarget(resolve(flags['data-dir'])), {
    ...options,
    onFound: progress.update,
    onNote: (note) => console.error(`sync: ${note}`),
  }).finally(progress.stop)
  if (flags['dry-run']) console.log('dry run, nothing was written; it would be:')
  if (result.skipped > 0) console.log(`what was skipped and why: ${options.reportFile}`)
  const { inserted, updated, unchanged, removed, skipped } = result
  console.log(
    `inserted ${inserted}, updated ${updated}, unchanged ${unchanged}, removed ${removed}, skipped ${skipped}`,
  )
}

/** What the flags ask for. Throws a CommandError if one of them has a wrong value. */
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

/** The message never repeats the URL: it may hold a password. */
function parseSource(text: string | undefined): URL {
  if (!text) throw new CommandError('name the source: npm run sync -- --from URL')
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
