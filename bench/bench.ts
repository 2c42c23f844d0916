/** Measures the figures in docs/benchmarks.md on loopback, and stops every process that it starts. */

import { execFile } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { type Command, CommandError, parseDatabaseUrl, runCommand } from '../tools/command-line.ts'
import { SIZES, type Size } from './catalog.ts'
import { drawCharts, type Results, replaceSection } from './document.ts'
import { type Environment, openEnvironment } from './environment.ts'
import type { Group, Runs } from './figure.ts'
import { cold, large } from './figures/cold.ts'
import { importing } from './figures/import.ts'
import { memory } from './figures/memory.ts'
import { assetsAndDatasets, filtered } from './figures/scale.ts'
import { bundleSize, startup } from './figures/start.ts'
import { crawl, herd, mix } from './figures/traffic.ts'
import { warm } from './figures/warm.ts'
import { formatTable, summarize } from './report.ts'

/** The groups in the table's order, with the prefixes of their figures' keys. */
const GROUPS: [prefixes: string[], group: Group][] = [
  [['warm.'], warm],
  [['cold.'], cold],
  [['size1000.'], large],
  [['scale.first_ms.', 'scale.middle_ms.', 'scale.last_ms.'], filtered],
  [['scale.asset_ms.', 'scale.datasets_ms.'], assetsAndDatasets],
  [['herd.calls'], herd],
  [['crawl.calls'], crawl],
  [['mix.'], mix],
  [['import.'], importing],
  [['memory.peak_mib.'], memory],
  [['bundle.gzip_kib'], bundleSize],
  [['startup.'], startup],
]

const INTERRUPTED = 130
const DOCUMENT = 'docs/benchmarks.md'
const DOCUMENTED_FIGURES = 'docs/benchmarks/figures.json'

const COMMAND = {
  name: 'bench',
  description: `Measures the figures in docs/benchmarks.md on loopback. A figure that misses its limit is marked so;
the exit code is 0 all the same.`,
  flags: {
    only: {
      type: 'string',
      value: 'PREFIX,…',
      description: 'only measure figures with these prefixes (default: all)',
    },
    sizes: {
      type: 'string',
      value: 'SIZE,…',
      description: 'catalog sizes',
      default: Object.keys(SIZES).join(),
    },
    docs: {
      type: 'boolean',
      description: `write the figures and their charts into ${DOCUMENT}`,
    },
    json: { type: 'string', value: 'FILE', description: 'also write the figures as JSON' },
    database: {
      type: 'string',
      value: 'postgres://…',
      description: 'use this Postgres server instead of starting one',
    },
    'data-dir': {
      type: 'string',
      value: 'DIR',
      description: 'keep the databases here for later runs',
    },
  },
} as const satisfies Command

await runCommand(COMMAND, async ({ flags }) => {
  const { database } = flags
  const sizes = parseSizes(flags.sizes)
  const isSelected = parseOnly(flags.only ?? '')
  if (flags.docs && (flags.only !== undefined || sizes.length < Object.keys(SIZES).length)) {
    throw new CommandError('--docs needs all figures: omit --only and --sizes')
  }
  const starting = openEnvironment({
    databaseUrl: database === undefined ? undefined : parseDatabaseUrl(database, '--database'),
    folder: flags['data-dir'],
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop(starting))
  const environment = await starting
  try {
    const subject = await describeSubject(environment)
    const runs: Runs = {}
    for (const [prefixes, group] of GROUPS) {
      if (!prefixes.some(isSelected)) continue
      console.error(`measuring ${prefixes.join(' and ')}`)
      Object.assign(runs, await group(environment, sizes))
    }
    const results: Results = { ...subject, figures: summarize(runs) }
    console.log(`${formatTable(results.figures)}\n\non ${results.system}`)
    if (flags.json) await writeJson(flags.json, results)
    if (flags.docs) await writeDocument(results)
  } finally {
    await environment.close()
  }
})

function parseSizes(text: string): Size[] {
  return text.split(',').map((name) => {
    if (!Object.hasOwn(SIZES, name)) throw new CommandError(`unknown size: ${name}`)
    return name as Size
  })
}

/** A group is selected by a prefix of its keys, or by a longer text that starts with one. */
function parseOnly(text: string): (prefix: string) => boolean {
  const selected = text.split(',').filter(Boolean)
  const isSelected = (prefix: string) =>
    selected.some((beginning) => prefix.startsWith(beginning) || beginning.startsWith(prefix))
  if (selected.length > 0 && !GROUPS.some(([prefixes]) => prefixes.some(isSelected))) {
    throw new CommandError(`no figure begins with ${text}`)
  }
  return selected.length === 0 ? () => true : isSelected
}

async function stop(starting: Promise<Environment>): Promise<void> {
  await starting.then((environment) => environment.close()).catch(() => {})
  process.exit(INTERRUPTED)
}

/** Describes the measured code. Called before measuring, since the files can change meanwhile. */
async function describeSubject({
  databaseVersion,
}: Environment): Promise<Omit<Results, 'figures'>> {
  const git = async (...args: string[]) => (await promisify(execFile)('git', args)).stdout.trim()
  const [head, changes] = await Promise.all([
    git('rev-parse', '--short', 'HEAD'),
    git('status', '--porcelain', 'src', 'drizzle'),
  ]).catch(() => ['unknown', ''])
  return {
    date: new Date().toISOString().slice(0, 10),
    commit: `${head}${changes ? ' with changes' : ''}`,
    system: `${cpus().length} × ${cpus()[0]?.model}, ${databaseVersion}, Node ${process.version}`,
  }
}

async function writeDocument(results: Results): Promise<void> {
  const folder = dirname(DOCUMENT)
  for (const [path, svg] of Object.entries(drawCharts(results))) {
    await mkdir(dirname(`${folder}/${path}`), { recursive: true })
    await writeFile(`${folder}/${path}`, svg)
  }
  await writeFile(DOCUMENT, replaceSection(await readFile(DOCUMENT, 'utf8'), results))
  await writeJson(DOCUMENTED_FIGURES, results)
}

async function writeJson(path: string, results: Results): Promise<void> {
  await writeFile(path, `${JSON.stringify(results, null, 2)}\n`)
}
