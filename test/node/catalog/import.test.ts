import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { openCatalogFile } from '../../../tools/catalog/file.ts'
import { importCatalog } from '../../../tools/catalog/import.ts'
import type { CatalogItem } from '../../../tools/catalog/item.ts'
import { listen } from '../../../tools/listen.ts'
import { readCatalogFile } from '../../harness/catalog-items.ts'
import { connectToPrepared } from '../../harness/prepared-client.ts'

const IMPORT = fileURLToPath(new URL('../../../tools/catalog/import.ts', import.meta.url))
const CATALOG = fileURLToPath(new URL('../../../catalog/gfw-catalog.json', import.meta.url))

const { postgres, client } = await connectToPrepared('migrated')
let directory: string

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'import-'))
})
afterAll(async () => {
  await rm(directory, { recursive: true })
})
beforeEach(() => client.query('TRUNCATE assets, versions'))

const TABLE: CatalogItem = {
  dataset: 'umd_loss',
  version: 'v1.8',
  asset_type: 'Geo database table',
  asset_uri: 'https://example.org/a',
}

function load(...items: CatalogItem[]) {
  return importCatalog(postgres.url, items)
}

async function revision(): Promise<string> {
  const { rows } = await client.query('SELECT revision FROM catalog_revision')
  return rows[0].revision
}

/** Columns of all assets, ordered by asset_uri. */
async function stored(columns: string): Promise<unknown[]> {
  const { rows } = await client.query(`SELECT ${columns} FROM assets ORDER BY asset_uri`)
  return rows
}

async function latest(): Promise<string[]> {
  const { rows } = await client.query('SELECT version FROM versions WHERE is_latest')
  return rows.map((row) => row.version)
}

it('stores defaults for omitted keys', async () => {
  expect(await load(TABLE)).toEqual({ inserted: 1, updated: 0, unchanged: 0 })
  expect(
    await stored('asset_id, status, is_managed, is_default, is_downloadable, metadata'),
  ).toEqual([
    {
      // UUIDv5 of the asset_uri in the namespace of URLs.
      asset_id: '77980eae-c343-5b01-9823-eb6ac1da021f',
      status: 'pending',
      is_managed: true,
      is_default: false,
      is_downloadable: true,
      metadata: {},
    },
  ])
})

it('stores complete metadata with a new id', async () => {
  await load({ ...TABLE, metadata: { fields: [{ name: 'iso' }] } })
  expect(await stored('metadata')).toEqual([
    {
      metadata: {
        tags: null,
        fields: [
          {
            name: 'iso',
            alias: null,
            description: null,
            data_type: null,
            unit: null,
            is_feature_info: true,
            is_filter: true,
          },
        ],
        id: expect.stringMatching(
          /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
        ),
      },
    },
  ])
})

it('keeps given ids and microseconds', async () => {
  const asset_id = 'b4695157-0d1d-4da0-8f9e-5c53149389e4'
  const id = '497f6eca-6276-4993-bfeb-53cbbbba6f08'
  await load({
    ...TABLE,
    asset_id,
    created_on: '2019-08-24T14:15:22.123456Z',
    updated_on: '2019-08-24T16:15:22.000001+02:00',
    metadata: { id },
  })
  expect(
    await stored("asset_id, created_on::text, updated_on::text, metadata->>'id' AS id"),
  ).toEqual([
    {
      asset_id,
      created_on: '24/08/2019 20:00:22.123456 +0545',
      updated_on: '24/08/2019 20:00:22.000001 +0545',
      id,
    },
  ])
})

it('changes nothing at the second import of the shipped catalog', async () => {
  const items = await readCatalogFile(CATALOG)
  expect(await load(...items)).toEqual({ inserted: 1582, updated: 0, unchanged: 0 })
  const [before, assets] = [await revision(), await stored('*')]
  expect(await load(...items)).toEqual({ inserted: 0, updated: 0, unchanged: 1582 })
  expect(await revision()).toBe(before)
  expect(await stored('*')).toEqual(assets)
})

it('changes nothing when a response of the API is imported', async () => {
  await load({
    ...TABLE,
    asset_type: 'COG',
    is_default: true,
    is_latest: true,
    metadata: { bands: [{ pixel_meaning: 'loss', no_data_value: 0, statistics: { max: 1.5 } }] },
  })
  const before = await revision()
  const { rows } = await client.query(`SELECT to_char(created_on AT TIME ZONE 'UTC',
      'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS created_on, to_char(updated_on AT TIME ZONE 'UTC',
      'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS updated_on, asset_id, dataset, version, asset_type,
      asset_uri, status, is_managed, is_downloadable, metadata FROM assets`)
  const path = join(directory, 'answer.json')
  await writeFile(path, JSON.stringify({ data: rows, status: 'success', links: {}, meta: {} }))
  expect(await load(...(await readCatalogFile(path)))).toEqual({
    inserted: 0,
    updated: 0,
    unchanged: 1,
  })
  expect(await revision()).toBe(before)
})

describe('an omitted key', () => {
  /** All values differ from the defaults. */
  const STORED: CatalogItem = {
    ...TABLE,
    asset_id: 'b4695157-0d1d-4da0-8f9e-5c53149389e4',
    status: 'saved',
    is_managed: false,
    is_downloadable: false,
    is_default: true,
    is_latest: true,
    created_on: '2019-08-24T14:15:22Z',
    updated_on: '2020-09-25T15:16:23Z',
    metadata: { tags: ['a'], id: '497f6eca-6276-4993-bfeb-53cbbbba6f08' },
  }
  const COLUMNS = `asset_id, asset_type, status, is_managed, is_downloadable, is_default, is_latest,
    to_json(created_on AT TIME ZONE 'UTC') AS created_on,
    to_json(updated_on AT TIME ZONE 'UTC') AS updated_on, metadata`
  const ROW = {
    asset_id: 'b4695157-0d1d-4da0-8f9e-5c53149389e4',
    asset_type: 'Geo database table',
    status: 'saved',
    is_managed: false,
    is_downloadable: false,
    is_default: true,
    is_latest: true,
    created_on: '2019-08-24T14:15:22',
    updated_on: '2020-09-25T15:16:23',
    metadata: { tags: ['a'], fields: null, id: '497f6eca-6276-4993-bfeb-53cbbbba6f08' },
  }

  it.each<[string, Partial<CatalogItem>, object]>([
    ['nothing else', {}, {}],
    ['the same metadata without its id', { metadata: { tags: ['a'] } }, {}],
  ])('keeps its stored value with %s', async (_, change, changed) => {
    await load(STORED)
    expect(await load({ ...TABLE, ...change })).toEqual({ inserted: 0, updated: 0, unchanged: 1 })
    expect(await stored(COLUMNS)).toEqual([{ ...ROW, ...changed }])
  })

  it.each<[string, Partial<CatalogItem>, object]>([
    ['type', { asset_type: 'csv' }, { asset_type: 'csv' }],
    ['status', { status: 'failed' }, { status: 'failed' }],
    ['is_managed', { is_managed: true }, { is_managed: true }],
    ['is_downloadable', { is_downloadable: true }, { is_downloadable: true }],
    ['is_default', { is_default: false }, { is_default: false }],
    ['tags', { metadata: { tags: ['b'] } }, { metadata: { ...ROW.metadata, tags: ['b'] } }],
    [
      'created_on',
      { created_on: '2018-01-02T03:04:05.6Z' },
      { created_on: '2018-01-02T03:04:05.6' },
    ],
  ])('keeps its stored value, except updated_on, with another %s', async (_, change, changed) => {
    await load(STORED)
    expect(await load({ ...TABLE, ...change })).toEqual({ inserted: 0, updated: 1, unchanged: 0 })
    const [row] = await stored(COLUMNS)
    expect({ ...Object(row), updated_on: ROW.updated_on }).toEqual({ ...ROW, ...changed })
    expect(await stored("updated_on > '2021-01-01' AS is_new")).toEqual([{ is_new: true }])
  })
})

it('removes metadata if it is null', async () => {
  await load({ ...TABLE, metadata: { tags: ['a'] } })
  expect(await load({ ...TABLE, metadata: null })).toMatchObject({ updated: 1 })
  expect(await stored('metadata')).toEqual([{ metadata: {} }])
})

it('updates updated_on only of changed rows', async () => {
  const old = { created_on: '2019-01-01T00:00:00Z', updated_on: '2019-01-01T00:00:00Z' }
  const other = { ...TABLE, asset_uri: 'https://example.org/b' }
  await load({ ...TABLE, ...old }, { ...other, ...old })
  expect(await load({ ...TABLE, status: 'saved' }, other)).toEqual({
    inserted: 0,
    updated: 1,
    unchanged: 1,
  })
  expect(
    await stored("status, created_on < '2020-01-01' AS old, updated_on > '2020-01-01' AS renewed"),
  ).toEqual([
    { status: 'saved', old: true, renewed: true },
    { status: 'pending', old: true, renewed: false },
  ])
})

it('matches assets by asset_id, or else by asset_uri', async () => {
  const asset_id = 'b4695157-0d1d-4da0-8f9e-5c53149389e4'
  await load({ ...TABLE, asset_id })
  expect(await load({ ...TABLE, asset_id, asset_uri: 'https://example.org/moved' })).toMatchObject({
    updated: 1,
  })
  expect(
    await load({ ...TABLE, asset_uri: 'https://example.org/moved', status: 'failed' }),
  ).toMatchObject({
    updated: 1,
  })
  expect(await stored('asset_id, asset_uri, status')).toEqual([
    { asset_id, asset_uri: 'https://example.org/moved', status: 'failed' },
  ])
})

/** Imports a file with these lines. */
async function loadFile(...lines: (CatalogItem | string)[]) {
  const path = join(directory, 'items.ndjson')
  const texts = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)))
  await writeFile(path, texts.join('\n'))
  await using file = await openCatalogFile(path)
  return await importCatalog(postgres.url, file.entries())
}

/** The error of an import, which must write nothing. */
async function refusal(...lines: (CatalogItem | string)[]): Promise<string> {
  const before = [await revision(), await stored('*')]
  const refused: unknown = await loadFile(...lines).then(
    (counts) => new Error(JSON.stringify(counts)),
    (error) => error,
  )
  expect([await revision(), await stored('*')]).toEqual(before)
  return (refused as Error).message
}

describe('items of a file that contradict each other', () => {
  const URI = 'https://example.org/b'
  const OTHER = { ...TABLE, asset_uri: URI }
  const ID = 'b4695157-0d1d-4da0-8f9e-5c53149389e4'
  // UUIDv5 of TABLE's asset_uri in the namespace of URLs.
  const DERIVED_ID = '77980eae-c343-5b01-9823-eb6ac1da021f'

  it.each<[string, CatalogItem[], string[]]>([
    ['an asset_uri twice', [TABLE, OTHER, TABLE], ['line 3: asset_uri: is that of line 1']],
    [
      'an asset_uri three times, which hides other contradictions',
      [
        { ...TABLE, asset_id: ID },
        { ...TABLE, asset_id: ID, is_latest: true },
        { ...OTHER, version: 'v2', is_latest: true },
        TABLE,
      ],
      ['line 2: asset_uri: is that of line 1', 'line 4: asset_uri: is that of line 1'],
    ],
    [
      'an asset_id twice',
      [
        { ...TABLE, asset_id: ID },
        { ...OTHER, asset_id: ID.toUpperCase() },
      ],
      ['line 2: asset_id: is that of line 1'],
    ],
    [
      'an asset_id that is derived for an earlier asset',
      [TABLE, { ...OTHER, asset_id: DERIVED_ID }],
      ['line 2: asset_id: is that of line 1, derived from its asset_uri'],
    ],
    [
      'an asset_id that is derived for a later asset',
      [{ ...OTHER, asset_id: DERIVED_ID }, TABLE],
      [`line 2: asset_uri: the id derived from it, ${DERIVED_ID}, is that of line 1`],
    ],
    [
      'two latest versions of a dataset',
      [
        { ...TABLE, is_latest: true },
        { ...OTHER, version: 'v2', is_latest: true },
      ],
      ['line 2: is_latest: line 1 says that v1.8 is the latest'],
    ],
    [
      'a version that is first latest, then not',
      [
        { ...TABLE, is_latest: true },
        { ...OTHER, is_latest: false },
      ],
      ['line 2: is_latest: line 1 says true of v1.8'],
    ],
    [
      'a version that is first not latest, then latest',
      [
        { ...TABLE, is_latest: false },
        { ...OTHER, is_latest: true },
      ],
      ['line 2: is_latest: line 1 says false of v1.8'],
    ],
  ])('%s', async (_, items, faults) => {
    const count = faults.length === 1 ? '1 fault' : `${faults.length} faults`
    const expected = [`nothing was written: ${count}`, ...faults.map((fault) => `  ${fault}`)]
    expect((await refusal(...items)).split('\n')).toEqual(expected)
  })

  it('are listed with their lines, together with other faults', async () => {
    expect(await refusal(TABLE, '{"a":}', TABLE, '{"dataset":1}')).toBe(
      [
        'nothing was written: 6 faults',
        '  line 2, column 6: is not JSON: value expected at "}"',
        '  line 3: asset_uri: is that of line 1',
        '  line 4: dataset: Invalid input: expected string, received number',
        '  line 4: version: Invalid input: expected string, received undefined',
        '  line 4: asset_type: Invalid option: expected one of "Dynamic vector tile cache"|"Static vector tile cache"|"Raster tile cache"|"Raster tile set"|"Database table"|"Geo database table"|"ESRI Shapefile"|"Geopackage"|"ndjson"|"csv"|"tsv"|"1x1 grid"|"COG"',
        '  line 4: asset_uri: Invalid input: expected string, received undefined',
      ].join('\n'),
    )
  })

  it('are listed up to 10,000, and counted', async () => {
    const broken = Array.from({ length: 10_002 }, () => '{"a":}')
    const lines = (await refusal(...broken, TABLE, TABLE)).split('\n')
    expect(lines[0]).toBe('nothing was written: 10003 faults')
    expect(lines[10_000]).toBe('  line 10000, column 6: is not JSON: value expected at "}"')
    expect(lines.slice(10_001)).toEqual(['  and 3 more'])
  })

  it('may be on one line', async () => {
    const path = join(directory, 'line.json')
    await writeFile(path, JSON.stringify([TABLE, OTHER, TABLE]))
    await using file = await openCatalogFile(path)
    await expect(importCatalog(postgres.url, file.entries())).rejects.toThrow(
      'nothing was written: 1 fault\n  line 1: asset_uri: is that of line 1',
    )
  })
})

describe('items that conflict with a stored asset', () => {
  const STORED_ID = '77980eae-c343-5b01-9823-eb6ac1da021f'
  const OTHER_ID = 'b4695157-0d1d-4da0-8f9e-5c53149389e4'
  const OTHER = { ...TABLE, asset_id: OTHER_ID, asset_uri: 'https://example.org/b' }

  it('are refused with another asset_id', async () => {
    await load(TABLE)
    expect(await refusal(OTHER, { ...TABLE, asset_id: OTHER_ID.replace('b4', 'b5') })).toBe(
      'nothing was written: 1 conflict with stored assets\n' +
        `  line 2: asset_uri: is that of the stored asset ${STORED_ID}`,
    )
  })

  it('are refused if an earlier line changes the asset', async () => {
    await load({ ...TABLE, asset_id: OTHER_ID })
    expect(await refusal(OTHER, TABLE)).toBe(
      'nothing was written: 1 conflict with stored assets\n' +
        `  line 2: asset_uri: is that of the stored asset ${OTHER_ID}, which line 1 changes`,
    )
  })

  it('are refused if a later line changes the asset', async () => {
    await load({ ...TABLE, asset_id: OTHER_ID })
    expect(await refusal(TABLE, OTHER)).toBe(
      'nothing was written: 1 conflict with stored assets\n' +
        `  line 1: asset_uri: is that of the stored asset ${OTHER_ID}, which line 2 changes`,
    )
  })

  it('are refused without an asset_id if the derived one is taken', async () => {
    await load({ ...OTHER, asset_id: STORED_ID })
    expect(await refusal(TABLE)).toBe(
      'nothing was written: 1 conflict with stored assets\n' +
        `  line 1: asset_uri: the id derived from it, ${STORED_ID}, is that of the stored asset with the asset_uri https://example.org/b`,
    )
  })

  it('are listed up to 20', async () => {
    const items = Array.from({ length: 25 }, (_, index) => ({
      ...TABLE,
      asset_uri: `https://example.org/${index}`,
    }))
    await load(...items)
    const ids = items.map((item, index) => ({
      ...item,
      asset_id: `00000000-0000-4000-8000-0000000000${index + 10}`,
    }))
    const lines = (await refusal(...ids)).split('\n')
    expect(lines[0]).toBe('nothing was written: 25 conflicts with stored assets')
    expect(lines[20]).toMatch(/^ {2}line 20: asset_uri: is that of the stored asset /)
    expect(lines.slice(21)).toEqual(['  …'])
  })

  it('are imported if the file gives that asset another asset_uri', async () => {
    await load({ ...TABLE, asset_id: STORED_ID, status: 'saved' }, { ...OTHER, status: 'failed' })
    const swapped = [
      { ...TABLE, asset_id: OTHER_ID },
      { ...OTHER, asset_id: STORED_ID },
    ]
    expect(await load(...swapped)).toEqual({ inserted: 0, updated: 2, unchanged: 0 })
    expect(await stored('asset_id, asset_uri, status')).toEqual([
      { asset_id: OTHER_ID, asset_uri: TABLE.asset_uri, status: 'failed' },
      { asset_id: STORED_ID, asset_uri: OTHER.asset_uri, status: 'saved' },
    ])
  })
})

it('keeps the order of items without times, and changes nothing the next time', async () => {
  const uris = Array.from({ length: 600 }, (_, index) => `https://example.org/${599 - index}`)
  const items = uris.map((asset_uri) => ({ ...TABLE, asset_uri }))
  await load(...items)
  const { rows } = await client.query(`SELECT asset_uri, updated_on = created_on AS is_new,
    created_on - min(created_on) OVER () = (row_number() OVER listing - 1) * interval '1 microsecond'
      AS is_next
    FROM assets WINDOW listing AS (ORDER BY created_on, asset_id) ORDER BY created_on, asset_id`)
  expect(rows).toEqual(uris.map((asset_uri) => ({ asset_uri, is_new: true, is_next: true })))
  expect(await load(...items)).toEqual({ inserted: 0, updated: 0, unchanged: 600 })
})

it('moves the latest version of a dataset', async () => {
  const next = { ...TABLE, version: 'v2', asset_uri: 'https://example.org/b' }
  await load({ ...TABLE, is_latest: true }, next)
  expect(await latest()).toEqual(['v1.8'])
  await load({ ...next, is_latest: true })
  expect(await latest()).toEqual(['v2'])
  await load({ ...TABLE, is_latest: false })
  expect(await latest()).toEqual(['v2'])
  await load({ ...next, is_latest: false })
  expect(await latest()).toEqual([])
})

it('imports several chunks in one transaction', async () => {
  const items = Array.from({ length: 1201 }, (_, index) => ({
    ...TABLE,
    asset_uri: `https://example.org/${index}`,
  }))
  const done: number[][] = []
  await importCatalog(postgres.url, items, (...progress) => done.push(progress))
  expect(done).toEqual([
    [500, 1201],
    [1000, 1201],
    [1201, 1201],
  ])
  expect(await stored('asset_id')).toHaveLength(1201)
})

function run(file: string, databaseUrl = postgres.url) {
  const env = { ...process.env, DATABASE_URL: databaseUrl }
  return promisify(execFile)(process.execPath, [IMPORT, file], { env })
}

it('locks the catalog before its first change, as every writer does', async () => {
  // PGlite has one session, so another writer would wait in any case. This trigger fires first.
  await client.query(`
    CREATE TABLE seen (is_locked boolean);
    CREATE FUNCTION a_lock_is_seen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      INSERT INTO seen SELECT xmax = pg_current_xact_id()::xid FROM catalog_revision;
      RETURN NULL;
    END $$;
    CREATE TRIGGER a_lock_is_seen BEFORE UPDATE ON assets EXECUTE FUNCTION a_lock_is_seen()`)
  onTestFinished(async () => {
    await client.query('DROP FUNCTION a_lock_is_seen CASCADE; DROP TABLE seen')
  })
  await load(TABLE)
  const { rows } = await client.query('SELECT is_locked FROM seen LIMIT 1')
  expect(rows).toEqual([{ is_locked: true }])
})

it('suggests db:migrate if the tables are missing', async () => {
  await client.query('ALTER SCHEMA public RENAME TO migrated; CREATE SCHEMA public')
  onTestFinished(async () => {
    await client.query('DROP SCHEMA public; ALTER SCHEMA migrated RENAME TO public')
  })
  await expect(load(TABLE)).rejects.toThrow(
    'nothing was written: function public.lock_catalog() does not exist; run `npm run db:migrate` first',
  )
})

it('names the error and writes nothing if the connection breaks', async () => {
  const proxy = createServer((socket) => {
    const upstream = connect(Number(new URL(postgres.url).port), '127.0.0.1')
    upstream.pipe(socket).on('error', () => {})
    let bytes = 0
    socket.on('data', (data) => {
      bytes += data.length
      if (bytes < 10_000) upstream.write(data)
      else {
        socket.destroy()
        upstream.destroy()
      }
    })
  })
  const url = new URL(postgres.url)
  url.port = String(await listen(proxy, 0, '127.0.0.1'))
  onTestFinished(() => void proxy.close())
  const path = join(directory, 'many.ndjson')
  const items = Array.from({ length: 100 }, (_, index) => ({
    ...TABLE,
    asset_uri: `s3://${index}`,
  }))
  await writeFile(path, items.map((item) => JSON.stringify(item)).join('\n'))
  await expect(run(path, url.href)).rejects.toMatchObject({
    code: 1,
    stdout: '100% read\n',
    stderr: 'import: nothing was written: Connection terminated unexpectedly\n',
  })
  expect(await stored('asset_uri')).toEqual([])
})

it('refuses an unreadable file before it connects to the database', async () => {
  await expect(run('/nowhere', 'postgres://u:hush@127.0.0.1:9/d')).rejects.toMatchObject({
    code: 1,
    stdout: '',
    stderr: 'import: /nowhere cannot be read: ENOENT\n',
  })
})

it('prints progress and counts', async () => {
  const path = join(directory, 'one.ndjson')
  await writeFile(path, JSON.stringify(TABLE))
  expect(await run(path)).toEqual({
    stdout: '100% read\n1/1\ninserted 1, updated 0, unchanged 0\n',
    stderr: '',
  })
})

it('prints all faults, writes nothing and exits with 1', async () => {
  const path = join(directory, 'faulty.ndjson')
  const faulty = { ...TABLE, asset_uri: 'https://example.org/b', metadata: { zoom: 1 } }
  await writeFile(
    path,
    [TABLE, faulty, { ...faulty, status: 1 }].map((item) => JSON.stringify(item)).join('\n'),
  )
  await expect(run(path)).rejects.toMatchObject({
    code: 1,
    stdout: '100% read\n',
    stderr: [
      'import: nothing was written: 3 faults',
      '  line 2: metadata.zoom: unknown key',
      '  line 3: status: Invalid option: expected one of "saved"|"pending"|"failed"',
      '  line 3: metadata.zoom: unknown key',
      '',
    ].join('\n'),
  })
  expect(await stored('asset_uri')).toEqual([])
})
