/** Writes the catalog as NDJSON; importing that changes nothing. */

import { resolve } from 'node:path'
import type pg from 'pg'
import { type Command, CommandError, type CommandInput, runCommand } from '../command-line.ts'
import { DATA_DIR_FLAG } from '../dev/database.ts'
import { createBar } from '../progress.ts'
import { parseItem } from './item.ts'
import { writeAtomically, writeToStdout } from './output.ts'
import { openTarget, readCatalog, TARGET_TEXT } from './target.ts'

/** Assets in memory at a time; each may have 1 MiB of metadata. */
const FETCH_SIZE = 200
const MAX_SHOWN_FAULTS = 20

/**
 * Yields the catalog's assets as lines, in the order of a listing, read in `client`'s transaction.
 * Adds to `faults` the values that an import would refuse, which only plain SQL can have written.
 */
async function* exportLines(
  client: pg.Client,
  faults: string[],
  onProgress: (done: number) => void,
): AsyncGenerator<string> {
  await client.query(DECLARE_ASSETS)
  for (let done = 0; ; ) {
    const { rows } = await client.query(`FETCH ${FETCH_SIZE} FROM exported`)
    if (rows.length === 0) return
    for (const row of rows) {
      const checked = parseItem(row)
      if ('faults' in checked) {
        faults.push(
          ...checked.faults.map(({ field, reason }) => `${row.asset_id}: ${field}: ${reason}`),
        )
      }
      yield `${JSON.stringify(row)}\n`
    }
    done += rows.length
    onProgress(done)
  }
}

async function countCatalog(client: pg.Client): Promise<Counts> {
  const { rows } = await client.query<Counts>(COUNT_CATALOG)
  return rows[0] ?? { assets: 0, emptyVersions: 0 }
}

/** Versions without assets are counted, since the file cannot contain them. */
interface Counts {
  assets: number
  emptyVersions: number
}

const RFC_3339 = `'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'`

/** Keys in the API's order, plus `is_latest` and `is_default`, which the API does not return. */
const DECLARE_ASSETS = `
  DECLARE exported NO SCROLL CURSOR FOR
  SELECT replace(to_char(created_on AT TIME ZONE 'UTC', ${RFC_3339}), '.000000Z', 'Z') AS created_on,
    replace(to_char(updated_on AT TIME ZONE 'UTC', ${RFC_3339}), '.000000Z', 'Z') AS updated_on,
    asset_id, dataset, version, asset_type, asset_uri, status, is_managed, is_downloadable,
    is_latest, is_default, metadata
  FROM assets ORDER BY assets.created_on, assets.asset_id`

const COUNT_CATALOG = `
  SELECT (SELECT count(*) FROM assets)::int AS assets,
    (SELECT count(*) FROM versions WHERE NOT EXISTS (SELECT FROM assets
      WHERE (assets.dataset, assets.version) = (versions.dataset, versions.version)))::int
    AS "emptyVersions"`

const COMMAND = {
  name: 'export',
  description: `Writes the whole catalog as NDJSON, one asset a line, in the order of a listing. Importing the file
again changes nothing. ${TARGET_TEXT}

FILE is written completely or not at all. Without FILE, the lines go to stdout: use
npm run -s export > FILE, since -s hides npm's own output. Versions without assets are left out.`,
  operand: '[FILE]',
  flags: { 'data-dir': DATA_DIR_FLAG },
} as const satisfies Command

async function main({ flags, operand: file }: CommandInput<typeof COMMAND>): Promise<void> {
  const stopped = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => stopped.abort(new CommandError('interrupted')))
  }
  const target = await openTarget(resolve(flags['data-dir']))
  try {
    await readCatalog(target.url, (client) => exportCatalog(client, file, stopped.signal))
  } finally {
    await target.close()
  }
}

async function exportCatalog(
  client: pg.Client,
  file: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  const { assets, emptyVersions } = await countCatalog(client)
  const faults: string[] = []
  if (file === undefined) {
    await writeToStdout(
      exportLines(client, faults, () => {}),
      signal,
    )
  } else {
    const bar = process.stderr.isTTY ? createBar(assets, process.stderr, 'assets') : undefined
    const lines = exportLines(client, faults, (done) => bar?.update(done))
    await writeAtomically(resolve(file), lines, signal).finally(() => bar?.stop())
    console.log(`exported ${assets} assets`)
  }
  for (const fault of faults.slice(0, MAX_SHOWN_FAULTS)) {
    console.error(`export: import would refuse asset ${fault}`)
  }
  if (faults.length > MAX_SHOWN_FAULTS) {
    console.error(`export: import would refuse ${faults.length} values in total`)
  }
  if (emptyVersions > 0) console.error(`export: skipped versions without assets: ${emptyVersions}`)
}

if (import.meta.main) await runCommand(COMMAND, main)
