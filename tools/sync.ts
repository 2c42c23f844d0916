/**
 * Copies the catalogue of GFW, or of another deployment of this API, into the database, all of it
 * or nothing.
 *
 *     npm run sync -- --from URL [--token T] [--page-size 100] [--prune] [--force] [--partial]
 *       [--dry-run] [--report FILE] [--state FILE] [--timeout SECONDS] [--tries N] [--data-dir DIR]
 *
 * The token may be in SYNC_TOKEN instead, where other users of the machine do not see it.
 */

import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { openTarget } from './catalog-target.ts'
import { CommandError, parseDatabaseUrl, runCommand } from './command-line.ts'
import { DATA_DIR } from './dev-database.ts'
import { syncCatalog } from './sync-catalog.ts'
import { createReadProgress } from './sync-progress.ts'

const DEV_DIR = fileURLToPath(new URL('../.dev', import.meta.url))

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      from: { type: 'string' },
      token: { type: 'string' },
      'page-size': { type: 'string', default: '100' },
      prune: { type: 'boolean', default: false },
      force: { type: 'boolean', default: false },
      partial: { type: 'boolean', default: false },
      'dry-run': { type: 'boolean', default: false },
      report: { type: 'string' },
      state: { type: 'string' },
      timeout: { type: 'string', default: '90' },
      tries: { type: 'string', default: '6' },
      'data-dir': { type: 'string', default: DATA_DIR },
    },
  })
  const from = parseSource(values.from)
  const name = `${DEV_DIR}/sync-${from.host.replaceAll(/[^\w.-]/g, '-')}`
  const reportFile = resolve(values.report ?? `${name}-report.json`)
  // Better now than after the read.
  if (process.env.DATABASE_URL) parseDatabaseUrl(process.env.DATABASE_URL, 'DATABASE_URL')
  const progress = createReadProgress()
  const result = await syncCatalog(() => openTarget(resolve(values['data-dir'])), {
    from: from.href,
    token: values.token || process.env.SYNC_TOKEN,
    pageSize: parseCount(values['page-size'], '--page-size'),
    timeoutMs: parseCount(values.timeout, '--timeout') * 1000,
    tries: parseCount(values.tries, '--tries'),
    prune: values.prune,
    force: values.force,
    partial: values.partial,
    dryRun: values['dry-run'],
    reportFile,
    stateFile: resolve(values.state ?? `${name}.ndjson`),
    onFound: progress.update,
    onNote: (note) => console.error(`sync: ${note}`),
  }).finally(progress.stop)
  if (values['dry-run']) console.log('dry run, nothing was written; it would be:')
  if (result.skipped > 0) console.log(`what was skipped and why: ${reportFile}`)
  const { inserted, updated, unchanged, removed, skipped } = result
  console.log(
    `inserted ${inserted}, updated ${updated}, unchanged ${unchanged}, removed ${removed}, skipped ${skipped}`,
  )
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

if (import.meta.main) await runCommand('sync', main)
