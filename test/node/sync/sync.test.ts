import { execFile, execFileSync, spawn } from 'node:child_process'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import {
  appendFile,
  chmod,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  onTestFinished,
  vi,
} from 'vitest'
import { importCatalog } from '../../../tools/catalog/import.ts'
import { CommandError, parseCommandLine } from '../../../tools/command-line.ts'
import { type SyncOptions, syncCatalog } from '../../../tools/sync/catalog.ts'
import { COMMAND, parseOptions } from '../../../tools/sync/sync.ts'
import {
  type Fault,
  type StandIn,
  type StandInAsset,
  type StandInOptions,
  send,
  serveGfwStandIn,
} from '../../harness/gfw-stand-in.ts'
import { connectToPrepared } from '../../harness/prepared-client.ts'

const SYNC = fileURLToPath(new URL('../../../tools/sync/sync.ts', import.meta.url))
const TOKEN = 'a-secret-token'

const { postgres, client } = await connectToPrepared('migrated')
let directory: string
let source: StandIn

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sync-'))
})
afterAll(async () => {
  await rm(directory, { recursive: true })
})
beforeEach(() => client.query('TRUNCATE assets, versions'))
afterEach(async () => {
  await source.close()
  await rm(join(directory, 'state.ndjson'), { force: true })
  await rm(join(directory, 'report.json'), { force: true })
})

async function serve(
  assets: StandInAsset[],
  options: Omit<StandInOptions, 'assets'> = {},
): Promise<void> {
  source = await serveGfwStandIn({ assets, token: TOKEN, ...options })
}

function sync(options: Partial<SyncOptions> = {}) {
  return syncCatalog(async () => ({ url: postgres.url, close: async () => {} }), {
    from: source.url,
    token: TOKEN,
    pageSize: 10,
    backoffMs: 1,
    reportFile: join(directory, 'report.json'),
    stateFile: join(directory, 'state.ndjson'),
    ...options,
  })
}

async function report() {
  return JSON.parse(await readFile(join(directory, 'report.json'), 'utf8'))
}

async function revision(): Promise<string> {
  const { rows } = await client.query('SELECT revision FROM catalog_revision')
  return rows[0].revision
}

async function stored(columns: string): Promise<unknown[]> {
  const { rows } = await client.query(`SELECT ${columns} FROM assets ORDER BY asset_uri`)
  return rows
}

async function storedIds(): Promise<string[]> {
  const { rows } = await client.query('SELECT asset_id FROM assets ORDER BY asset_id')
  return rows.map((row) => row.asset_id)
}

function idOf(index: number): string {
  return `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`
}

/** Ids of the assets 0 to `count` - 1, except those in `without`. */
function ids(count: number, without: number[] = []): string[] {
  return Array.from({ length: count }, (_, index) => index)
    .filter((index) => !without.includes(index))
    .map(idOf)
}

/** Assets are a second apart; each dataset has three versions, of which the last is latest. */
function asset(index: number, change: Record<string, unknown> = {}): StandInAsset {
  const time = new Date(Date.UTC(2020, 0, 1) + index * 1000).toISOString().slice(0, 19)
  return {
    asset: {
      created_on: time,
      updated_on: time,
      asset_id: idOf(index),
      dataset: `dataset_${Math.floor(index / 12)}`,
      version: `v${1 + (index % 3)}`,
      asset_type: index % 2 ? 'Database table' : 'Raster tile cache',
      asset_uri: `https://example.org/${index}`,
      status: 'saved',
      is_managed: true,
      is_downloadable: true,
      metadata: {},
      ...change,
    },
    is_latest: index % 3 === 2,
    is_default: index % 4 === 0,
  }
}

function assets(count: number, change: Record<string, unknown> = {}): StandInAsset[] {
  return Array.from({ length: count }, (_, index) => asset(index, change))
}

function malformed(list: StandInAsset[], ...indexes: number[]): StandInAsset[] {
  return list.map((one, index) => (indexes.includes(index) ? { ...one, malformed: true } : one))
}

const TIED = { created_on: '2020-06-01T00:00:00.123456' }

describe('a sync', () => {
  it('copies assets, times in UTC, and the flags that are only filters', async () => {
    const list = assets(25)
    Object.assign(list[2]?.asset ?? {}, {
      created_on: '2021-02-03T04:05:06.123456',
      asset_type: 'COG',
      metadata: { bands: [{ pixel_meaning: 'loss' }], id: idOf(99) },
    })
    await serve(list)
    expect(await sync()).toEqual({
      inserted: 25,
      updated: 0,
      unchanged: 0,
      removed: 0,
      skipped: 0,
    })
    expect(await storedIds()).toEqual(ids(25))
    const { rows } = await client.query(
      "SELECT created_on::text, is_latest, is_default, metadata->>'id' AS id FROM assets WHERE asset_id = $1",
      [idOf(2)],
    )
    expect(rows).toEqual([
      {
        created_on: '03/02/2021 09:50:06.123456 +0545',
        is_latest: true,
        is_default: false,
        id: idOf(99),
      },
    ])
    const flags = await client.query(
      'SELECT count(*) FILTER (WHERE is_latest)::int AS latest, count(*) FILTER (WHERE is_default)::int AS default FROM assets',
    )
    expect(flags.rows).toEqual([{ latest: 8, default: 7 }])
    // Five listings of at most two pages, and the total.
    expect(source.requests.length).toBeLessThan(12)
  })

  it('changes nothing the second time', async () => {
    await serve(assets(25))
    await sync()
    const before = [await revision(), await stored('*')]
    expect(await sync({ prune: true })).toMatchObject({ unchanged: 25, inserted: 0, removed: 0 })
    expect([await revision(), await stored('*')]).toEqual(before)
  })

  it('copies from another deployment of this API', async () => {
    await serve(assets(1250, { created_on: '2020-06-01T00:00:00Z' }), {
      isThisApi: true,
      largestPage: 1000,
    })
    expect(await sync({ pageSize: 1000 })).toMatchObject({ inserted: 1250, skipped: 0 })
    expect(source.requests).toHaveLength(5)
  })

  it.each([9, 10, 20, 25, 40])(
    'copies %i assets from a source that sends no meta',
    async (count) => {
      await serve(assets(count), { withoutMeta: true })
      expect(await sync({ pageSize: 5 })).toMatchObject({ inserted: count })
    },
  )

  it('copies from a source that ignores paging', async () => {
    const ignores = ['page[size]', 'page[number]']
    await serve(assets(25), { ignores })
    expect(await sync({ pageSize: 5 })).toMatchObject({ inserted: 25 })
  })

  it('keeps stored flags if the source ignores the filters by flag', async () => {
    await serve(assets(25), { ignores: ['is_latest', 'is_default'] })
    const warnings: string[] = []
    expect(await sync({ onWarning: (warning) => warnings.push(warning) })).toMatchObject({
      inserted: 25,
    })
    expect(warnings).toEqual([
      'the source contradicts itself about is_latest: 25 assets keep their stored value',
      'the source contradicts itself about is_default: 25 assets keep their stored value',
    ])
    expect(await stored('DISTINCT is_latest, asset_uri IS NULL AS asset_uri')).toEqual([
      { is_latest: false, asset_uri: false },
    ])
  })

  it('copies assets that are added during the crawl', async () => {
    await serve(assets(60))
    source.options.fault = (request) => {
      if (request === 4) source.options.assets.push(asset(60))
      return undefined
    }
    expect(await sync()).toMatchObject({ inserted: 61, skipped: 0 })
  })

  it('writes all assets in one transaction and renews the revision', async () => {
    await serve(assets(700))
    const before = await revision()
    await sync({ pageSize: 100 })
    expect(await revision()).not.toBe(before)
    const { rows } = await client.query('SELECT count(DISTINCT xmin::text)::int FROM assets')
    expect(rows).toEqual([{ count: 1 }])
  })
})

describe('ties', () => {
  it.each([1, 7, 10, 64])('are all copied with page size %i', async (pageSize) => {
    await serve(assets(300, TIED))
    expect(await sync({ pageSize })).toMatchObject({ inserted: 300, skipped: 0 })
    expect(await storedIds()).toEqual(ids(300))
  })

  it('are all copied from a source with a small maximum page size', async () => {
    const list = Array.from({ length: 240 }, (_, index) =>
      asset(index, { ...TIED, dataset: `dataset_${index % 40}`, version: `v${1 + (index % 3)}` }),
    )
    await serve(list, { largestPage: 8 })
    expect(await sync({ pageSize: 8 })).toMatchObject({ inserted: 240 })
  })

  const HIDDEN = { ...TIED, dataset: 'dataset_0', version: 'v1', asset_type: 'csv' }
  function hidden(): StandInAsset[] {
    return assets(30, HIDDEN).map((one) => ({ ...one, is_latest: true, is_default: false }))
  }

  it('that stay hidden fail the sync, which counts them by filter and writes nothing', async () => {
    await serve(hidden(), { largestPage: 1 })
    await expect(sync({ pageSize: 1 })).rejects.toThrow(
      /^nothing was written: the read is incomplete, 10 of 30 assets are missing: 10 of dataset=dataset_0 version=v1; --partial writes the rest$/,
    )
    expect(await stored('*')).toEqual([])
    expect(await report()).toMatchObject({ written: false, total_items: 30, read: 20 })
  })

  it('that stay hidden are missing after a partial sync, which removes nothing', async () => {
    await importCatalog(postgres.url, [
      {
        dataset: 'other',
        version: 'v1',
        asset_type: 'csv',
        asset_uri: 'https://example.org/other',
      },
    ])
    await serve(hidden(), { largestPage: 1 })
    const warnings: string[] = []
    const result = await sync({
      pageSize: 1,
      partial: true,
      prune: true,
      force: true,
      onWarning: (warning) => warnings.push(warning),
    })
    expect(result).toMatchObject({ inserted: 20, removed: 0 })
    expect(warnings).toContain('nothing is removed after an incomplete read')
  })
})

describe('malformed assets', () => {
  it('are reported with their positions, and the other assets are copied', async () => {
    await serve(malformed(assets(100), 40, 41, 77))
    expect(await sync({ pageSize: 50 })).toMatchObject({ inserted: 97, skipped: 3 })
    expect(await storedIds()).toEqual(ids(100, [40, 41, 77]))
    const { skipped_assets } = await report()
    expect(skipped_assets).toContainEqual({
      why: 'malformed',
      dataset: 'dataset_3',
      version: 'v2',
      reason: '1 validation error for PaginatedAssetsResponse data -> 0 -> metadata',
      is_certain: true,
      page_size: 1,
      page_number: 2,
      after: idOf(37),
      before: idOf(43),
    })
  })

  it('may be all assets of a type', async () => {
    const list = assets(90).map((one, index) =>
      index % 3 ? one : { ...asset(index, { asset_type: 'csv' }), malformed: true },
    )
    await serve(list)
    expect(await sync()).toMatchObject({ inserted: 60, skipped: 30 })
  })

  it('may be all assets of the source', async () => {
    await serve(malformed(assets(3), 0, 1, 2))
    expect(await sync()).toMatchObject({ inserted: 0, skipped: 3 })
  })

  it.each([1, 10, 100])('may be tied with others (page size %i)', async (pageSize) => {
    await serve(malformed(assets(60, TIED), 30))
    expect(await sync({ pageSize })).toMatchObject({ inserted: 59, skipped: 1 })
    expect(await storedIds()).toEqual(ids(60, [30]))
  })

  it('may be answered with 500', async () => {
    await serve(malformed(assets(30), 8, 29), { failsWith: 500 })
    expect(await sync()).toMatchObject({ inserted: 28, skipped: 2 })
    expect(await storedIds()).toEqual(ids(30, [8, 29]))
  })

  it('among many ties are all reported with dataset and version', async () => {
    const hostile = [3, 4, 20, 21, 22, 57, 80, 150, 209]
    const list = assets(210).map((_one, index) => asset(index, index < 120 ? TIED : {}))
    await serve(malformed(list, ...hostile), { failsWith: 500 })
    expect(await sync()).toMatchObject({ inserted: 201, skipped: 9 })
    expect(await storedIds()).toEqual(ids(210, hostile))
    const { skipped_assets, missing, written } = await report()
    const named = skipped_assets.map(({ dataset, version }: Record<string, string>) => [
      dataset,
      version,
    ])
    expect(named.sort()).toEqual(
      hostile.map((index) => [`dataset_${Math.floor(index / 12)}`, `v${1 + (index % 3)}`]).sort(),
    )
    expect({ missing, written }).toEqual({ missing: [], written: true })
    const { rows } = await client.query(
      'SELECT asset_id, is_latest, is_default FROM assets ORDER BY asset_id',
    )
    expect(rows).toEqual(
      list.flatMap(({ is_latest, is_default }, index) =>
        hostile.includes(index) ? [] : [{ asset_id: idOf(index), is_latest, is_default }],
      ),
    )
    expect(source.requests.length).toBeLessThan(1000)
  })

  it('may hide others with the same version, type and time, which is a warning', async () => {
    const same = { ...TIED, dataset: 'dataset_9', version: 'v1', asset_type: 'csv' }
    const list = assets(12).map((one, index) => (index < 2 ? asset(index, same) : one))
    await serve(malformed(list, 0, 1))
    const warnings: string[] = []
    expect(await sync({ onWarning: (warning) => warnings.push(warning) })).toMatchObject({
      skipped: 2,
    })
    expect(warnings).toEqual(['2 malformed assets may hide other assets with the same created_on'])
    expect((await report()).skipped_assets).toMatchObject([
      { dataset: 'dataset_9', version: 'v1', asset_type: 'csv', is_certain: false },
      { dataset: 'dataset_9', version: 'v1', asset_type: 'csv', is_certain: false },
    ])
  })

  it.each([
    ['GFW', {}],
    ['this API, which pages its datasets,', { isThisApi: true }],
  ])('are found in datasets that only GET /datasets of %s lists', async (_, options) => {
    const list = assets(60).map((_one, index) => asset(index, { dataset: `dataset_${index}` }))
    await serve(malformed(list, 47), options)
    expect(await sync()).toMatchObject({ inserted: 59, skipped: 1 })
    expect((await report()).skipped_assets).toMatchObject([
      { dataset: 'dataset_47', version: 'v3', is_certain: true },
    ])
  })

  it('are counted by filter if their version is unknown', async () => {
    const list = assets(60).map((_one, index) => asset(index, { dataset: `dataset_${index}` }))
    await serve(malformed(list, 47), { withoutDatasets: true })
    await expect(sync()).rejects.toThrow(
      '1 of 60 assets are missing: 1 of is_latest=true is_default=false; --partial',
    )
  })

  it('are found despite many versions without assets', async () => {
    const versions = Array.from({ length: 50 }, (_, index) => ({
      dataset: 'dataset_empty',
      version: `v${index}`,
    }))
    await serve(malformed(assets(60), 47), { versions })
    expect(await sync()).toMatchObject({ inserted: 59, skipped: 1 })
  })

  it('are not pruned if they are stored', async () => {
    await serve(assets(30))
    await sync()
    source.options.assets = malformed(assets(30), 7).slice(0, 29)
    expect(await sync({ prune: true })).toMatchObject({ unchanged: 28, removed: 1, skipped: 1 })
    expect(await storedIds()).toEqual(ids(29))
    expect((await report()).kept_assets).toEqual([
      { asset_id: idOf(7), asset_uri: 'https://example.org/7' },
    ])
  })
})

describe('transient faults are retried:', () => {
  it.each<[Fault]>([['cut'], ['truncated'], ['html'], [500], [502], [503], [504], ['hang']])(
    '%s every third time',
    async (fault) => {
      // The time limit of a hanging request is triggered by the test, not by a timer.
      let limit = new AbortController()
      const timeout = vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => {
        limit = new AbortController()
        return limit.signal
      })
      onTestFinished(() => timeout.mockRestore())
      await serve(assets(40), {
        fault: (request) => {
          if (request % 3 !== 0) return undefined
          if (fault === 'hang') limit.abort(new DOMException('too late', 'TimeoutError'))
          return fault
        },
      })
      expect(await sync({ timeoutMs: 1234 })).toMatchObject({ inserted: 40, skipped: 0 })
      expect(timeout).toHaveBeenCalledWith(1234)
      expect(await storedIds()).toEqual(ids(40))
      // The failed page is retried before smaller pages are tried.
      expect(source.requests[3]).toBe(source.requests[2])
    },
  )

  it('with delays that double up to a minute, with jitter', async () => {
    const random = vi.spyOn(Math, 'random').mockReturnValue(0)
    const waits: number[] = []
    await serve(assets(5), { fault: (request) => (request <= 8 ? 503 : undefined) })
    const sleep = async (ms: number) => waits.push(ms)
    expect(await sync({ tries: 9, backoffMs: 1000, sleep })).toMatchObject({ inserted: 5 })
    expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000])
    random.mockRestore()
  })

  it.each([
    ['in seconds', '7', 7000],
    ['as a date', 'Sat, 01 Jan 2050 00:00:09 GMT', 9000],
    ['as a date that is past', 'Fri, 31 Dec 2049 23:59:59 GMT', 0],
    ['of more than ten minutes', '3600', 600_000],
    ['that is neither', 'soon', 500],
  ])('429 after Retry-After %s', async (_, retryAfter, expected) => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2050, 0, 1) })
    const random = vi.spyOn(Math, 'random').mockReturnValue(0)
    const waits: number[] = []
    await serve(assets(5), {
      respond: (_url, response) => {
        if (source.requests.length !== 2) return false
        response.writeHead(429, { 'Retry-After': retryAfter }).end('{}')
        return true
      },
    })
    const sleep = async (ms: number) => waits.push(ms)
    const counts = await sync({ sleep, backoffMs: 1000 }).finally(() => {
      vi.useRealTimers()
      random.mockRestore()
    })
    expect(counts).toMatchObject({ inserted: 5 })
    expect(waits).toEqual([expected])
  })

  it('pages that time out as smaller pages', async () => {
    const isLarge = (url: URL) => Number(url.searchParams.get('page[size]')) > 5
    await serve(assets(60), { fault: (_, url) => (isLarge(url) ? 504 : undefined) })
    expect(await sync({ pageSize: 20, tries: 2 })).toMatchObject({ inserted: 60 })
  })
})

describe('permanent faults end the sync:', () => {
  it.each<[Fault, string]>([
    ['cut', 'failed 3 times: other side closed'],
    ['html', 'failed 3 times: the response is not a page of assets'],
    [503, 'failed 3 times: HTTP 503'],
    [504, 'the source fails for a single asset: something is wrong'],
  ])('%s', async (fault, message) => {
    await serve(assets(40), { fault: (request) => (request > 4 ? fault : undefined) })
    await expect(sync({ tries: 3 })).rejects.toThrow(message)
    expect(await stored('*')).toEqual([])
  })

  it('a token that is refused', async () => {
    await serve(assets(3))
    await expect(sync({ token: 'wrong' })).rejects.toThrow('the source refuses the token: HTTP 401')
  })

  it('a token without permission', async () => {
    await serve(assets(3), { fault: () => 403 })
    await expect(sync()).rejects.toThrow('the source refuses the token: HTTP 403')
    expect(source.requests).toHaveLength(1)
  })

  it('a page size that is refused', async () => {
    await serve(assets(3), { largestPage: 5 })
    await expect(sync()).rejects.toThrow(
      'the source refuses page[size]=10: page[size]: ensure this value is less than or equal to 5',
    )
  })

  it('a token that is not a valid header value, which the error does not contain', async () => {
    await serve(assets(3))
    await expect(sync({ token: 'a\nb' })).rejects.toThrow('the token is not one line of ASCII')
  })
})

describe('security: a hostile source', () => {
  /** Serves `page` for every request. */
  async function serveHostile(page: (number: number, size: number) => Record<string, unknown>) {
    await serve([], {
      respond: (url, response) => {
        const [number, size] = ['page[number]', 'page[size]'].map((name) =>
          Number(url.searchParams.get(name) ?? 1),
        )
        send(response, 200, page(number ?? 1, size ?? 1))
        return true
      },
    })
  }

  function rows(count: number, first = 0): unknown[] {
    return Array.from({ length: count }, (_, index) => asset(first + index).asset)
  }

  it.each<[string, (number: number, size: number) => Record<string, unknown>, string]>([
    [
      'empty pages of an impossible total',
      () => ({ data: [], meta: { total_items: 1e15 } }),
      'the source counts 1000000000000000 assets, more than 1000000',
    ],
    [
      'empty pages of a possible total',
      () => ({ data: [], meta: { total_items: 900_000 } }),
      'the source answers page[number]=1 with page[size]=10 with 0 of 900000 assets',
    ],
    [
      'a total below zero',
      () => ({ data: [], meta: { total_items: -5 } }),
      'the source sends an invalid total_items: -5',
    ],
    [
      'a total that is no number',
      () => ({ data: [], meta: { total_items: { many: 'x'.repeat(1000) } } }),
      'the source sends an invalid total_items: {"many":"xxx',
    ],
    [
      'the same page forever',
      (_, size) => ({ data: rows(size), meta: { total_items: 900_000 } }),
      'the source sends only 10 distinct assets in 1200 requests',
    ],
    [
      'a total that grows with every page',
      (number, size) => ({
        data: rows(size, number * size),
        meta: { total_items: (number + 1) * size },
      }),
      'the source first counted 20 assets, then 1050',
    ],
    [
      'more assets than were asked for',
      (_, size) => ({ data: rows(size + 1), meta: { total_items: 500 } }),
      'the source answers page[number]=1 with page[size]=10 with 11 of 500 assets',
    ],
    [
      'fewer assets than were asked for',
      (_, size) => ({ data: rows(Math.min(size, 5)), meta: { total_items: 500 } }),
      'the source answers page[number]=1 with page[size]=10 with 5 of 500 assets',
    ],
    [
      'rows that are not assets',
      (_, size) => ({ data: Array(size).fill(null), meta: { total_items: 500 } }),
      'the read is incomplete, 499 of 500 assets are missing: 499 of all',
    ],
  ])('with %s ends the sync', async (_, page, message) => {
    await serveHostile(page)
    const failure = await sync().then(JSON.stringify, (error) => error.message)
    expect(failure).toContain(message)
    expect(source.requests.length).toBeLessThanOrEqual(1200)
    expect(await stored('*')).toEqual([])
    // A later run does not resume from these pages.
    await expect(stat(join(directory, 'state.ndjson'))).rejects.toThrow('ENOENT')
  })

  it('with endless assets and no total is read up to the limit of assets', async () => {
    await serveHostile((number, size) => ({ data: rows(size, number * size) }))
    await expect(sync({ maxAssets: 500 })).rejects.toThrow('the source sends more than 500 assets')
    // The total, then pages of 10.
    expect(source.requests).toHaveLength(52)
  })

  const MIB = Buffer.alloc(1024 * 1024, ' ')

  it('with a response over the size limit is not read to its end', async () => {
    const size = 100
    let written = 0
    function* chunks(): Generator<Buffer> {
      for (let chunk = 0; chunk < size; chunk++) {
        written++
        yield MIB
      }
    }
    await serve([], {
      respond: (_url, response) => {
        Readable.from(chunks(), { highWaterMark: 1 }).pipe(response)
        return true
      },
    })
    await expect(sync({ pageSize: 4, maxBodyBytes: 2 * MIB.length })).rejects.toThrow(
      'the source fails for a single asset: more than 2097152 bytes',
    )
    // The total, then pages of 4, 2 and 1.
    expect(source.requests).toHaveLength(4)
    expect(written).toBeLessThan(4 * size)
  })

  /** A compressed page of one asset whose uncompressed size is `bytes`. */
  function compressedPage(bytes: number): Buffer {
    const text = JSON.stringify({ data: rows(1), meta: { total_items: 1 } })
    return gzipSync(text.padEnd(bytes), { level: 1 })
  }

  it.each([
    [64 * MIB.length, expect.objectContaining({ inserted: 1 })],
    [
      64 * MIB.length + 1,
      expect.stringContaining('the source fails for a single asset: more than 67108864 bytes'),
    ],
  ])('with a compressed response of %i bytes is read up to 64 MiB', async (bytes, expected) => {
    const [large, small] = [compressedPage(bytes), compressedPage(0)]
    await serve([], {
      respond: (_url, response) => {
        // After the total.
        const page = source.requests.length === 2 ? large : small
        response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(page)
        return true
      },
    })
    const outcome = await sync({ pageSize: 1 }).catch((error) => error.message)
    expect(outcome).toEqual(expected)
  })

  it('that sends a byte now and then meets the time limit', async () => {
    const timers: NodeJS.Timeout[] = []
    await serve([], {
      respond: (_url, response) => {
        timers.push(setInterval(() => response.write(' '), 10))
        return true
      },
    })
    const failing = sync({ timeoutMs: 100, tries: 2, pageSize: 2 })
    await expect(failing).rejects.toThrow(
      'the source fails for a single asset: no complete response within 100 ms',
    )
    for (const timer of timers) clearInterval(timer)
    expect(source.requests).toHaveLength(6)
  })

  it('that redirects is not followed and does not leak the token', async () => {
    const other = await serveGfwStandIn({ assets: assets(3) })
    await serve([], {
      respond: (_url, response) => {
        response.writeHead(308, { Location: `${other.url}/assets?secret=1` }).end()
        return true
      },
    })
    const failure = await sync().then(JSON.stringify, (error) => error.message)
    expect(failure).toBe(`the source redirects to ${other.url}: HTTP 308; use its final URL`)
    expect(other.requests).toEqual([])
    await other.close()
  })

  it('that ignores the filters by dataset and version is not asked for each version', async () => {
    await serve(malformed(assets(60), 47), { ignores: ['dataset', 'version'] })
    await expect(sync()).rejects.toThrow('1 of 60 assets are missing')
    expect(source.requests.length).toBeLessThan(100)
  })

  it('with endless versions is not asked for them', async () => {
    const versions = Array.from({ length: 2000 }, (_, index) => ({
      dataset: 'dataset_empty',
      version: `v${index}`,
    }))
    await serve(malformed(assets(60), 47), { versions })
    await expect(sync()).rejects.toThrow(
      'the source lists more than 1590 versions, but only 59 assets',
    )
  })

  it('cannot send control characters to the terminal', async () => {
    await serve([], {
      respond: (_url, response) => {
        send(response, 400, { message: 'no\u001b[2J\r\nsync: inserted 60\u202e' })
        return true
      },
    })
    const failure = await sync().then(JSON.stringify, (error) => error.message)
    expect(failure).toBe('the source refuses: no [2J  sync: inserted 60 ')
  })
})

describe('an asset', () => {
  it('is skipped and reported if it is not valid in this API', async () => {
    const list = assets(6)
    Object.assign(list[1]?.asset ?? {}, { asset_type: 'Hologram', metadata: { zoom: '\0' } })
    Object.assign(list[2]?.asset ?? {}, { asset_uri: 'https://example.org/3' })
    delete list[4]?.asset.asset_id
    await serve(list)
    expect(await sync()).toMatchObject({ inserted: 3, skipped: 3 })
    const { skipped_assets } = await report()
    expect(skipped_assets).toHaveLength(3)
    expect(skipped_assets).toContainEqual({
      why: 'invalid',
      asset_uri: 'https://example.org/4',
      faults: [{ field: 'asset_id', reason: 'is missing' }],
    })
    expect(skipped_assets).toContainEqual(
      expect.objectContaining({ why: 'duplicate', asset_uri: 'https://example.org/3' }),
    )
  })

  it('is skipped and reported if its version is `latest`', async () => {
    const list = assets(6)
    Object.assign(list[3]?.asset ?? {}, { version: 'latest' })
    await serve(malformed(list, 5))
    expect(await sync()).toMatchObject({ inserted: 4, skipped: 2 })
    expect((await report()).skipped_assets).toContainEqual({
      why: 'invalid',
      asset_id: idOf(3),
      asset_uri: 'https://example.org/3',
      faults: [
        {
          field: 'version',
          reason: 'is `latest`, which this API reserves for the versions flagged latest',
        },
      ],
    })
  })

  it('with a new id or a swapped URI updates its row', async () => {
    await serve(assets(6))
    await sync()
    const list = assets(6)
    Object.assign(list[0]?.asset ?? {}, { asset_id: idOf(50) })
    Object.assign(list[1]?.asset ?? {}, { asset_uri: 'https://example.org/2' })
    Object.assign(list[2]?.asset ?? {}, { asset_uri: 'https://example.org/1' })
    // Asset 3 is gone, and asset 4 now has its URI.
    Object.assign(list[4]?.asset ?? {}, { asset_uri: 'https://example.org/3' })
    source.options.assets = list.filter((_, index) => index !== 3)
    expect(await sync()).toEqual({
      inserted: 0,
      updated: 4,
      unchanged: 1,
      removed: 1,
      skipped: 0,
    })
    expect(await stored('asset_id, asset_uri')).toEqual([
      { asset_id: idOf(50), asset_uri: 'https://example.org/0' },
      { asset_id: idOf(2), asset_uri: 'https://example.org/1' },
      { asset_id: idOf(1), asset_uri: 'https://example.org/2' },
      { asset_id: idOf(4), asset_uri: 'https://example.org/3' },
      { asset_id: idOf(5), asset_uri: 'https://example.org/5' },
    ])
  })

  it('of a dataset with two latest versions does not change the stored latest version', async () => {
    const list = assets(6).map((one) => ({ ...one, is_latest: true }))
    await serve(list)
    const warnings: string[] = []
    expect(await sync({ onWarning: (warning) => warnings.push(warning) })).toMatchObject({
      inserted: 6,
    })
    expect(warnings).toEqual(['the latest version of dataset_0 is ambiguous'])
    expect(await stored('DISTINCT is_latest, 1 AS asset_uri')).toEqual([
      { is_latest: false, asset_uri: 1 },
    ])
  })
})

describe('--prune', () => {
  it('removes assets and versions that the source no longer has', async () => {
    await serve(assets(30))
    await sync()
    source.options.assets = assets(24)
    await client.query("INSERT INTO versions (dataset, version) VALUES ('dataset_7', 'v1')")
    const versions = async () => {
      const { rows } = await client.query('SELECT count(*)::int FROM versions')
      return rows[0].count
    }
    expect(await sync()).toMatchObject({ unchanged: 24, removed: 0 })
    expect(await versions()).toBe(10)
    expect(await sync({ prune: true })).toMatchObject({ unchanged: 24, removed: 6 })
    expect(await versions()).toBe(6)
    expect(await storedIds()).toEqual(ids(24))
    const { rows } = await client.query('SELECT DISTINCT dataset FROM versions ORDER BY dataset')
    expect(rows).toEqual([{ dataset: 'dataset_0' }, { dataset: 'dataset_1' }])
  })

  it('keeps assets that the source still has but are no longer valid in this API', async () => {
    await serve(assets(30))
    await sync()
    const list = assets(30)
    // It is not found by its URI either.
    const change = { asset_type: 'Hologram', asset_uri: 'https://example.org/moved' }
    Object.assign(list[7]?.asset ?? {}, change)
    source.options.assets = list
    expect(await sync({ prune: true })).toMatchObject({ unchanged: 29, removed: 0, skipped: 1 })
    expect(await storedIds()).toEqual(ids(30))
  })

  it('refuses to remove more than a fifth of the assets without --force', async () => {
    await serve(assets(30))
    await sync()
    const before = await revision()
    source.options.assets = assets(23)
    await expect(sync({ prune: true })).rejects.toThrow(
      'nothing was written: --prune would remove 7 of 30 stored assets; --force allows it',
    )
    expect(await revision()).toBe(before)
    expect(await sync({ prune: true, force: true })).toMatchObject({ removed: 7 })
  })
})

it('--dry-run counts changes and writes nothing', async () => {
  await serve(assets(30))
  await sync()
  const before = [await revision(), await stored('*')]
  source.options.assets = [...assets(28), asset(40)]
  const counts = { inserted: 1, unchanged: 28, removed: 2 }
  expect(await sync({ prune: true, dryRun: true })).toMatchObject(counts)
  expect([await revision(), await stored('*')]).toEqual(before)
  expect(await report()).toMatchObject({ dry_run: true, written: false })
  // The next run reuses its pages.
  const requests = source.requests.length
  expect(await sync()).toMatchObject({ inserted: 1, unchanged: 28 })
  expect(source.requests).toHaveLength(requests)
})

describe('an interrupted sync', () => {
  const state = () => join(directory, 'state.ndjson')

  async function interrupt(): Promise<number> {
    source.options.fault = (request) => (request > 4 ? 'cut' : undefined)
    await expect(sync({ tries: 1 })).rejects.toThrow('failed 1 times')
    delete source.options.fault
    return source.requests.length
  }

  it('resumes, then deletes its state', async () => {
    await serve(assets(60))
    const before = await interrupt()
    await appendFile(state(), '{"key":"[{')
    const warnings: string[] = []
    expect(await sync({ onWarning: (warning) => warnings.push(warning) })).toMatchObject({
      inserted: 60,
    })
    expect(warnings).toEqual(['resuming after 4 pages of an earlier run'])
    const again = source.requests.slice(before)
    expect(again.filter((query) => source.requests.slice(0, 4).includes(query))).toEqual([])
    await expect(stat(state())).rejects.toThrow('ENOENT')
  })

  const HOUR_MS = 3600 * 1000
  const MINUTE_MS = 60 * 1000

  /** Interrupts a sync, changes its state, and counts the requests that the next run repeats. */
  async function repeatedAfter(change: (first: Record<string, unknown>) => unknown) {
    await serve(assets(60))
    const before = await interrupt()
    const [first = '', ...lines] = (await readFile(state(), 'utf8')).split('\n')
    await writeFile(state(), [JSON.stringify(change(JSON.parse(first))), ...lines].join('\n'))
    expect(await sync()).toMatchObject({ inserted: 60 })
    const [begun, again] = [source.requests.slice(0, 4), source.requests.slice(before)]
    return begun.filter((query) => again.includes(query)).length
  }

  it.each<[string, (first: Record<string, unknown>) => unknown]>([
    ['a day old', (first) => ({ ...first, startedAt: Date.now() - 24 * HOUR_MS })],
    ['dated in the future', (first) => ({ ...first, startedAt: Date.now() + HOUR_MS })],
    ['without a date', ({ startedAt: _, ...first }) => first],
    ['from another source', (first) => ({ ...first, from: 'http://localhost' })],
    ['from another page size', (first) => ({ ...first, pageSize: 11 })],
    ['in an older format', ({ format: _, ...first }) => first],
    ['garbage', () => 'garbage'],
  ])('starts over if its state is %s', async (_, change) => {
    expect(await repeatedAfter(change)).toBe(4)
  })

  it('resumes within a day', async () => {
    const startedAt = Date.now() - 24 * HOUR_MS + MINUTE_MS
    expect(await repeatedAfter((first) => ({ ...first, startedAt }))).toBe(0)
  })

  it('stores only the options that identify the source', async () => {
    await serve(assets(60))
    await interrupt()
    const [first = ''] = (await readFile(state(), 'utf8')).split('\n')
    expect(JSON.parse(first)).toEqual({
      format: 2,
      from: source.url,
      pageSize: 10,
      startedAt: expect.any(Number),
    })
  })

  it.each<[string, string | undefined, number]>([
    ['does not exist', undefined, 0o644],
    ['is invalid', 'garbage', 0o644],
    ['is a valid state', 'state', 0o666],
  ])('makes its files private if the file %s', async (_, content, mode) => {
    await serve(assets(60))
    await interrupt()
    const before = await readFile(state(), 'utf8')
    await rm(state())
    const files = [state(), join(directory, 'report.json')]
    for (const file of files) {
      if (content === undefined) continue
      await writeFile(file, content === 'state' ? before : content)
      await chmod(file, mode)
    }
    const modes = new Set<number>()
    source.options.fault = () => {
      modes.add(statSync(state()).mode & 0o777)
      return undefined
    }
    // A dry run keeps its state.
    await sync({ dryRun: true })
    for (const file of files) modes.add((await stat(file)).mode & 0o777)
    expect([...modes]).toEqual([0o600])
    expect((await readdir(directory)).sort()).toEqual(['report.json', 'state.ndjson'])
  })

  it('writes the report to a pipe without replacing it', async () => {
    const pipe = join(directory, 'pipe')
    execFileSync('mkfifo', [pipe])
    onTestFinished(() => rm(pipe))
    const reader = spawn('cat', [pipe], { stdio: ['ignore', 'pipe', 'inherit'] })
    onTestFinished(() => void reader.kill())
    const read = text(reader.stdout)
    await serve(assets(3))
    await sync({ reportFile: pipe })
    expect((await stat(pipe)).isFIFO()).toBe(true)
    expect(JSON.parse(await read)).toMatchObject({ written: true, total_items: 3 })
  })

  it('never writes the token, even if the source sends it', async () => {
    const list = assets(30)
    Object.assign(list[1]?.asset ?? {}, { asset_uri: `https://example.org/${TOKEN}` })
    Object.assign(list[2]?.asset ?? {}, { asset_type: TOKEN })
    await serve(malformed(list, 7), { message: `Bearer ${TOKEN} sees no metadata` })
    const texts: string[] = []
    async function keepTexts() {
      for (const file of await readdir(directory)) {
        texts.push(await readFile(join(directory, file), 'utf8'))
      }
    }
    source.options.fault = (request) => {
      for (const file of readdirSync(directory)) {
        texts.push(readFileSync(join(directory, file), 'utf8'))
      }
      return request > 20 ? 'cut' : undefined
    }
    const warnings: string[] = []
    const onWarning = (warning: string) => warnings.push(warning)
    const failure = await sync({ tries: 1, onWarning }).then(JSON.stringify, String)
    expect(failure).toContain('failed 1 times')
    await keepTexts()
    source.options.fault = () => undefined
    await sync({ onWarning, dryRun: true })
    await keepTexts()
    source.options.token = 'another'
    await rm(state())
    warnings.push(await sync({ onWarning }).then(JSON.stringify, String))
    await keepTexts()
    expect(texts.length).toBeGreaterThan(20)
    expect([...texts, ...warnings, failure].filter((written) => written.includes(TOKEN))).toEqual(
      [],
    )
  })
})

describe('npm run sync', () => {
  function run(...args: string[]) {
    return [
      SYNC,
      ...args,
      '--report',
      join(directory, 'report.json'),
      '--state',
      join(directory, 'state.ndjson'),
    ]
  }
  const env = () => ({ ...process.env, DATABASE_URL: postgres.url, SYNC_TOKEN: TOKEN })

  it('prints progress and counts, never the token', async () => {
    await serve(malformed(assets(12), 3))
    const args = run('--from', `${source.url}/`)
    const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { env: env() })
    expect(stderr).toBe('')
    const lines = stdout.trimEnd().split('\n')
    expect(lines[0]).toMatch(/^\d+\/12 assets, \d+(\.\d)?\/s, \d+ s left$/)
    expect(lines.slice(-2)).toEqual([
      `report of skipped assets: ${join(directory, 'report.json')}`,
      'inserted 11, updated 0, unchanged 0, removed 0, skipped 1',
    ])
    expect(stdout + (await readFile(join(directory, 'report.json'), 'utf8'))).not.toContain(TOKEN)
  })

  it('resumes after Ctrl-C', async () => {
    await serve(assets(60), { fault: (request) => (request > 5 ? 'hang' : undefined) })
    const args = run('--from', source.url, '--page-size', '5')
    const child = spawn(process.execPath, args, { env: env() })
    const ended = new Promise((resolve) => child.once('exit', (_, signal) => resolve(signal)))
    while (source.requests.length < 6) await new Promise((resolve) => setTimeout(resolve, 20))
    child.kill('SIGINT')
    expect(await ended).toBe('SIGINT')
    expect(await readFile(join(directory, 'state.ndjson'), 'utf8')).not.toContain(TOKEN)
    delete source.options.fault
    const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { env: env() })
    expect(stderr).toBe('sync: resuming after 5 pages of an earlier run\n')
    expect(stdout).toContain('inserted 60, updated 0, unchanged 0, removed 0, skipped 0\n')
    expect(await storedIds()).toEqual(ids(60))
    expect(await readFile(join(directory, 'report.json'), 'utf8')).not.toContain(TOKEN)
  })

  it.each([
    [[], '--from URL is missing'],
    [['--from', 'ftp://x'], '--from must be an http:// or https:// URL'],
    [['--from', 'http://a:b@x'], '--from must have neither credentials nor a query'],
    [['--from', 'http://:b@x'], '--from must have neither credentials nor a query'],
    [['--from', 'http://x?a=1'], '--from must have neither credentials nor a query'],
    [['--from', 'http://x#a'], '--from must have neither credentials nor a query'],
    [['--from', 'http://x', '--page-size', '0'], '--page-size must be a whole number from 1'],
    [['--from', 'http://x', '--timeout', 'x'], '--timeout must be a whole number from 1'],
    [['--from', 'http://x', '--tries', '1.5'], '--tries must be a whole number from 1'],
  ])('refuses %j', (args, reason) => {
    const { flags } = parseCommandLine(COMMAND, args)
    expect(() => parseOptions(flags)).toThrow(new CommandError(reason))
  })

  it('reads options from flags, environment and defaults', () => {
    vi.stubEnv('SYNC_TOKEN', 'token-from-environment')
    onTestFinished(() => void vi.unstubAllEnvs())
    const read = (...args: string[]) => parseOptions(parseCommandLine(COMMAND, args).flags)
    const file = (name: string) => fileURLToPath(new URL(`../../../.dev/${name}`, import.meta.url))
    expect(read('--from', 'https://x.org:81/api')).toEqual({
      from: 'https://x.org:81/api',
      token: 'token-from-environment',
      pageSize: 100,
      timeoutMs: 90_000,
      tries: 6,
      prune: false,
      force: false,
      partial: false,
      dryRun: false,
      reportFile: file('sync-x.org-81-report.json'),
      stateFile: file('sync-x.org-81.ndjson'),
    })
    const counts = ['--page-size', '7', '--timeout', '8', '--tries', '9']
    const files = ['--report', '/tmp/r', '--state', '/tmp/s']
    const flags = ['--from', 'http://x', '--token', 't', ...counts, ...files]
    expect(read(...flags, '--prune', '--partial')).toEqual({
      from: 'http://x/',
      token: 't',
      pageSize: 7,
      timeoutMs: 8000,
      tries: 9,
      prune: true,
      force: false,
      partial: true,
      dryRun: false,
      reportFile: '/tmp/r',
      stateFile: '/tmp/s',
    })
    expect(read('--from', 'http://x', '--force', '--dry-run')).toMatchObject({
      prune: false,
      force: true,
      partial: false,
      dryRun: true,
    })
  })
})
