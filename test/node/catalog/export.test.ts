import { execFile, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { importCatalog } from '../../../tools/catalog/import.ts'
import { writeAtomically } from '../../../tools/catalog/output.ts'
import { CommandError } from '../../../tools/command-line.ts'
import { readCatalogFile } from '../../harness/catalog-items.ts'
import { connectToPrepared } from '../../harness/prepared-client.ts'

const EXPORT = fileURLToPath(new URL('../../../tools/catalog/export.ts', import.meta.url))
const CATALOG = fileURLToPath(new URL('../../../catalog/gfw-catalog.json', import.meta.url))

const { postgres, client } = await connectToPrepared('migrated')
let directory: string

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'export-'))
  await client.query('TRUNCATE assets, versions')
})
afterEach(() => rm(directory, { recursive: true }))

const FIRST = {
  created_on: '2019-08-24T14:15:22.123456Z',
  updated_on: '2019-08-24T14:15:23Z',
  asset_id: 'b4695157-0d1d-4da0-8f9e-5c53149389e4',
  dataset: 'umd_loss',
  version: 'v1.8',
  asset_type: 'Raster tile set' as const,
  asset_uri: 'https://example.org/é',
  status: 'saved' as const,
  is_managed: false,
  is_downloadable: false,
  is_latest: true,
  is_default: true,
  metadata: {},
}
/** Has the same time, so that the id decides the order. */
const SECOND = {
  ...FIRST,
  asset_id: 'b4695157-0d1d-4da0-8f9e-5c53149389e5',
  asset_uri: 'https://example.org/b',
}

function run(...args: string[]) {
  const env = { ...process.env, DATABASE_URL: postgres.url }
  return promisify(execFile)(process.execPath, [EXPORT, ...args], { env, maxBuffer: 2 ** 24 })
}

it('writes one asset per line, in the order of a listing, with its flags', async () => {
  await importCatalog(postgres.url, [SECOND, FIRST])
  expect(await run()).toEqual({
    stdout: `${JSON.stringify(FIRST)}\n${JSON.stringify(SECOND)}\n`,
    stderr: '',
  })
})

/** 528 assets with all kinds of metadata, more than are read at a time. */
async function thirdOfTheCatalog() {
  return (await readCatalogFile(CATALOG)).filter((_, index) => index % 3 === 0)
}

it('writes a file whose import restores the same catalog', async () => {
  await importCatalog(postgres.url, [FIRST, SECOND, ...(await thirdOfTheCatalog())])
  const [file, again] = [join(directory, 'a.ndjson'), join(directory, 'b.ndjson')]
  expect(await run(file)).toEqual({ stdout: 'exported 530 assets\n', stderr: '' })
  const items = await readCatalogFile(file)

  expect(await importCatalog(postgres.url, items)).toEqual({
    inserted: 0,
    updated: 0,
    unchanged: 530,
  })
  await client.query('TRUNCATE assets, versions')
  expect(await importCatalog(postgres.url, items)).toEqual({
    inserted: 530,
    updated: 0,
    unchanged: 0,
  })
  await run(again)
  expect(await readFile(again, 'utf8')).toBe(await readFile(file, 'utf8'))
})

it('warns about skipped versions and invalid values', async () => {
  await importCatalog(postgres.url, [FIRST])
  await client.query("INSERT INTO versions VALUES ('umd_loss', 'v2')")
  await client.query(`UPDATE assets SET metadata = '{"resolution": "10"}'`)
  const { stderr } = await run()
  expect(stderr.split('\n')).toEqual([
    `export: import would refuse asset ${FIRST.asset_id}: metadata.resolution: Invalid input: expected number, received string`,
    'export: skipped versions without assets: 1',
    '',
  ])
})

/** Inserts more than pipes and buffers hold. */
async function insertMany(): Promise<void> {
  await client.query(`INSERT INTO versions VALUES ('umd_loss', 'v1')`)
  await client.query(`INSERT INTO assets (dataset, version, asset_type, asset_uri, status)
    SELECT 'umd_loss', 'v1', 'csv', repeat('x', 2000) || n, 'saved' FROM generate_series(1, 500) n`)
}

it('ends without an error if its reader closes the pipe', async () => {
  await insertMany()
  const script = `"$0" "$1" | head -n 1 | wc -l; echo "\${PIPESTATUS[0]}"`
  const env = { ...process.env, DATABASE_URL: postgres.url }
  const args = ['-c', script, process.execPath, EXPORT]
  expect(await promisify(execFile)('bash', args, { env })).toEqual({ stdout: '1\n0\n', stderr: '' })
})

it('ends at SIGINT', async () => {
  await insertMany()
  const child = spawn(process.execPath, [EXPORT], {
    env: { ...process.env, DATABASE_URL: postgres.url },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  // It now waits for its reader.
  await once(child.stdout, 'readable')
  const stderr = text(child.stderr)
  child.kill('SIGINT')
  child.stdout.resume()
  expect(await once(child, 'exit')).toEqual([1, null])
  expect(await stderr).toBe('export: interrupted\n')
})

it('names the error if the database is unreachable', async () => {
  const env = { ...process.env, DATABASE_URL: 'postgres://u:hush@127.0.0.1:9/d' }
  await expect(promisify(execFile)(process.execPath, [EXPORT], { env })).rejects.toMatchObject({
    code: 1,
    stdout: '',
    stderr: 'export: connect ECONNREFUSED 127.0.0.1:9\n',
  })
})

it('suggests db:migrate if the tables are missing', async () => {
  await client.query('ALTER SCHEMA public RENAME TO migrated; CREATE SCHEMA public')
  onTestFinished(async () => {
    await client.query('DROP SCHEMA public; ALTER SCHEMA migrated RENAME TO public')
  })
  await expect(run()).rejects.toMatchObject({
    code: 1,
    stdout: '',
    stderr: 'export: relation "assets" does not exist; run `npm run db:migrate` first\n',
  })
})

describe('writeAtomically', () => {
  const signal = new AbortController().signal

  async function* lines(...parts: (string | Error)[]): AsyncGenerator<string> {
    for (const part of parts) {
      if (part instanceof Error) throw part
      yield part
    }
  }

  it('refuses a file that it cannot create', async () => {
    const file = join(directory, 'nowhere/file')
    const writing = writeAtomically(file, lines('new'), signal)
    await expect(writing).rejects.toThrow(new CommandError(`${file} cannot be written: ENOENT`))
  })

  it('refuses and keeps a file that is not regular', async () => {
    const pipe = join(directory, 'pipe')
    execFileSync('mkfifo', [pipe])
    const writing = writeAtomically(pipe, lines('new'), signal)
    await expect(writing).rejects.toThrow(new CommandError(`${pipe} is not a regular file`))
    expect((await stat(pipe)).isFIFO()).toBe(true)
  })

  it.each(['a failure', 'an interruption'])('keeps the old file after %s', async (how) => {
    const file = join(directory, 'file')
    await writeFile(file, 'old')
    const stopped = new AbortController()
    async function* interrupted(): AsyncGenerator<string> {
      yield 'new'
      if (how === 'a failure') throw new Error('stopped')
      stopped.abort(new Error('stopped'))
      yield 'more'
    }
    await expect(writeAtomically(file, interrupted(), stopped.signal)).rejects.toThrow('stopped')
    expect(await readdir(directory)).toEqual(['file'])
    expect(await readFile(file, 'utf8')).toBe('old')
  })

  it('leaves no file behind if there was none', async () => {
    const file = join(directory, 'file')
    const failing = lines('new', new Error('stopped'))
    await expect(writeAtomically(file, failing, signal)).rejects.toThrow('stopped')
    expect(await readdir(directory)).toEqual([])
  })

  it('replaces the target of a symbolic link', async () => {
    const [file, link] = [join(directory, 'file'), join(directory, 'link')]
    await writeFile(file, 'old')
    await symlink(file, link)
    await writeAtomically(link, lines('a', 'b'), signal)
    expect(await readFile(file, 'utf8')).toBe('ab')
    expect((await readdir(directory)).sort()).toEqual(['file', 'link'])
  })
})
