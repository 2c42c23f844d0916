import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Asset, createClient } from '../../../packages/client/src/client.ts'
import { csvRow } from '../../../site/assets/csv.ts'
import { exportAssets, fileName, toCsv, toNdjson } from '../../../site/assets/export-file.ts'

const ASSET: Asset = {
  created_on: '2024-01-02T03:04:05.000000Z',
  updated_on: '2024-01-03T03:04:05.000000Z',
  asset_id: '00000000-0000-4000-8000-000000000001',
  dataset: 'gfw_oil_palm',
  version: 'v2025',
  asset_type: 'COG',
  asset_uri: 's3://bucket/a,b "c".tif',
  status: 'saved',
  is_managed: true,
  is_downloadable: false,
  metadata: {},
}
const HEADER =
  'dataset,version,asset_type,asset_uri,status,asset_id,is_managed,is_downloadable,created_on,updated_on\r\n'

/** Rows of RFC 4180 text. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  for (const [, quoted, plain = '', end] of text.matchAll(
    /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g,
  )) {
    row.push(quoted?.replaceAll('""', '"') ?? plain)
    if (end === ',') continue
    rows.push(row)
    row = []
  }
  return rows
}

describe('csvRow', () => {
  it('can be read back as RFC 4180 says, whatever the values', () => {
    // No value that starts a formula: the next test is about these.
    const value = fc.string().filter((text) => !/^[=+\-@\t\r\n]/.test(text))
    fc.assert(
      fc.property(fc.array(value, { minLength: 1 }), (values) => {
        expect(parseCsv(csvRow(values))).toEqual([values])
      }),
    )
  })

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1'])(
    'does not let %j start a formula',
    (text) => {
      expect(parseCsv(csvRow([text]))).toEqual([[`'${text}`]])
    },
  )
})

/** An API with `count` assets that refuses pages larger than `maxSize`, and counts `totals`. */
function catalogOf({ count = 0, maxSize = 1000, grows = 0 }) {
  const requests: string[] = []
  const client = createClient({
    baseUrl: 'https://api.test',
    retries: 0,
    fetch: async (url) => {
      const { searchParams } = new URL(url)
      const size = Number(searchParams.get('page[size]'))
      const number = Number(searchParams.get('page[number]'))
      requests.push(`${number}×${size}`)
      if (size > maxSize) {
        const msg = 'A page of these assets is larger than 6 MiB'
        const fault = { loc: ['query', 'page[size]'], msg, type: 'value_error.page_bytes' }
        return Response.json({ detail: [fault] }, { status: 422 })
      }
      const start = (number - 1) * size
      const ids = Array.from(
        { length: Math.max(0, Math.min(size, count - start)) },
        (_, i) => start + i,
      )
      const data = ids.map((id) => ({ ...ASSET, asset_id: `${id}` }))
      const total = count + (number > 1 ? grows : 0)
      const next = start + size < count ? 'https://api.test/assets?page[number]=next' : ''
      const meta = { size: `${size}`, total_items: `${total}`, total_pages: '1' }
      return Response.json({ data, status: 'success', links: { next }, meta })
    },
  })
  return { client, requests }
}

const { signal } = new AbortController()

describe('exportAssets', () => {
  it('writes every page, and tells how far it is', async () => {
    const { client, requests } = catalogOf({ count: 2500 })
    const progress: string[] = []
    const { file, rows, differentTotal } = await exportAssets(client, {
      filters: {},
      format: 'ndjson',
      signal,
      onProgress: (done, total) => progress.push(`${done}/${total}`),
    })
    expect({ rows, differentTotal, type: file.type }).toEqual({
      rows: 2500,
      differentTotal: undefined,
      type: 'application/x-ndjson',
    })
    const lines = (await file.text()).trimEnd().split('\n')
    expect(lines.map((line) => JSON.parse(line).asset_id)).toEqual(
      Array.from({ length: 2500 }, (_, id) => `${id}`),
    )
    expect(progress).toEqual(['1000/2500', '2000/2500', '2500/2500'])
    expect(requests).toEqual(['1×1000', '2×1000', '3×1000'])
  })

  it('asks for smaller pages where one is too large', async () => {
    const { client, requests } = catalogOf({ count: 700, maxSize: 300 })
    const options = { filters: {}, format: 'csv', signal, onProgress: () => {} } as const
    const { file, rows } = await exportAssets(client, options)
    expect(rows).toBe(700)
    expect((await file.text()).match(/\r\n/g)).toHaveLength(701)
    expect(requests).toEqual(['1×1000', '1×500', '1×250', '2×250', '3×250'])
  })

  it('reports a count that does not match', async () => {
    const { client } = catalogOf({ count: 1500, grows: 3 })
    const options = { filters: {}, format: 'csv', signal, onProgress: () => {} } as const
    const { rows, differentTotal } = await exportAssets(client, options)
    expect({ rows, differentTotal }).toEqual({ rows: 1500, differentTotal: 1503 })
  })

  it('writes a header even if nothing matches', async () => {
    const { client } = catalogOf({ count: 0 })
    const options = { filters: {}, format: 'csv', signal, onProgress: () => {} } as const
    const { file } = await exportAssets(client, options)
    expect(await file.text()).toBe(HEADER)
  })

  it('stops when it is canceled', async () => {
    const aborting = new AbortController()
    const { client, requests } = catalogOf({ count: 5000 })
    const exporting = exportAssets(client, {
      filters: {},
      format: 'csv',
      signal: aborting.signal,
      onProgress: () => aborting.abort(),
    })
    await expect(exporting).rejects.toThrow('aborted')
    expect(requests).toEqual(['1×1000'])
  })
})

describe('an asset', () => {
  it('is a row of CSV, without metadata', () => {
    expect(toCsv(ASSET)).toBe(
      'gfw_oil_palm,v2025,COG,"s3://bucket/a,b ""c"".tif",saved,00000000-0000-4000-8000-000000000001,true,false,2024-01-02T03:04:05.000000Z,2024-01-03T03:04:05.000000Z\r\n',
    )
  })

  it('is a line of NDJSON, with everything', () => {
    expect(toNdjson(ASSET)).toMatch(/^\{.*\}\n$/)
    expect(JSON.parse(toNdjson(ASSET))).toEqual(ASSET)
  })
})

describe('fileName', () => {
  it('is made from the filters', () => {
    const filters = {
      asset_type: 'Raster tile set',
      is_latest: 'true',
      asset_uri: 'https://a/{z}',
      'page[size]': '10',
    }
    expect(fileName({}, 'csv')).toBe('assets.csv')
    expect(fileName(filters, 'ndjson')).toBe(
      'assets-Raster-tile-set-is_latest-true-https-a-z-.ndjson',
    )
  })
})
