import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { startDataCenter } from '../harness/data-center.ts'
import {
  insertAssets,
  newHost,
  resetCatalog,
  spyOnNetwork,
  startIsolate,
} from '../harness/worker.ts'

beforeAll(() => resetCatalog([{ asset_uri: 's3://one' }]))

afterEach(() => {
  vi.restoreAllMocks()
})

describe('security: abuse', () => {
  it('distinct asset_uri values do not exceed the memory limit of stored pages', async () => {
    const { fetch } = await startIsolate()
    const host = newHost()
    const url = (n: number) => `${host}/assets?asset_uri=${n}${'x'.repeat(2000)}`
    startDataCenter().freeze()
    const network = spyOnNetwork().mockImplementation(async () => noItems())
    const responses = await Promise.all(Array.from({ length: 1000 }, (_, n) => fetch(url(n))))
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200]))
    network.mockClear()
    // The newest page is still in memory; the oldest is read again.
    await fetch(url(999))
    expect(network).toHaveBeenCalledTimes(0)
    await fetch(url(0))
    expect(network).toHaveBeenCalledTimes(1)
  })

  it.each([
    [86_399, 200],
    [86_401, 503],
  ])('empty pages are stored as long as others: %i s', async (age, status) => {
    const { fetch } = await startIsolate()
    const host = newHost()
    const urls = ['s3://one', 's3://none'].map((uri) => `${host}/assets?asset_uri=${uri}`)
    const statuses = async () => {
      const responses = await Promise.all(urls.map((url) => fetch(url)))
      return responses.map(({ status }) => status)
    }
    expect(await statuses()).toEqual([200, 200])
    spyOnNetwork().mockRejectedValue(new TypeError('connection refused'))
    vi.setSystemTime(Date.now() + age * 1000)
    expect(await statuses()).toEqual([status, status])
  })

  it('a stored empty page ends with the next revision', async () => {
    const isolate = await startIsolate()
    const url = `${newHost()}/assets?asset_uri=s3://two`
    const total = async () => {
      const page = await (await isolate.fetch(url)).json<{ meta: { total_items: string } }>()
      return page.meta.total_items
    }
    expect(await total()).toBe('0')
    await insertAssets([{ asset_uri: 's3://two' }])
    vi.setSystemTime(Date.now() + 61_000)
    expect(await total()).toBe('1')
  })

  it('Range is ignored', async () => {
    const { fetch } = await startIsolate()
    const url = `${newHost()}/assets`
    for (let n = 0; n < 2; n++) {
      const response = await fetch(url, { headers: { Range: 'bytes=0-9' } })
      expect(response.status).toBe(200)
      expect((await response.text()).length).toBeGreaterThan(100)
    }
  })

  it('If-None-Match lists of 1,000 tags are compared correctly', async () => {
    const { fetch } = await startIsolate()
    const url = `${newHost()}/assets`
    const etag = (await fetch(url)).headers.get('ETag')
    const list = Array.from({ length: 1000 }, (_, n) => `W/"${n}"`)
    const ask = async (tags: string[]) =>
      (await fetch(url, { headers: { 'If-None-Match': tags.join(', ') } })).status
    expect(await ask(list)).toBe(200)
    expect(await ask([...list, `${etag}`])).toBe(304)
    expect(await ask(['"'.repeat(10_000)])).toBe(200)
  })

  it.each([
    ['If-None-Match', `"${'x'.repeat(1_000_000)}`, '/assets', 200],
    ['If-None-Match', '"'.repeat(1_000_001), '/assets', 200],
    ['If-None-Match', `${' '.repeat(1_000_000)}*x`, '/assets', 200],
    ['X-Request-Id', `a${' '.repeat(1_000_000)}b`, '/assets', 200],
    ['CF-Ray', '0'.repeat(1_000_000), '/assets', 200],
    ['path', '', `/${'/'.repeat(1_000_000)}`, 404],
    ['path', '', `/asset/${'%ff'.repeat(350_000)}`, 422],
    ['path', '', `/asset/${'-'.repeat(1_000_000)}/tilejson.json`, 422],
    ['path', '', `/dataset/${'%ff'.repeat(350_000)}`, 422],
    ['path', '', `/dataset/${'%61'.repeat(350_000)}/latest`, 422],
    ['path', '', `/dataset/abc/${'1.'.repeat(500_000)}/assets`, 422],
    ['path', '', `/dataset/abc/v1/tilejson.json${'/'.repeat(1_000_000)}`, 404],
    ['query', '', `/dataset/abc/v1/assets?${'&a'.repeat(500_000)}`, 404],
    ['query', '', `/dataset/abc/v1/tilejson.json?${'%zz&'.repeat(250_000)}asset_type`, 422],
    ['query', '', `/assets?${'&='.repeat(500_000)}`, 200],
    ['query', '', `/assets?${'&a'.repeat(500_000)}`, 200],
    ['query', '', `/assets?${'%zz&'.repeat(250_000)}dataset`, 422],
    ['query', '', `/datasets?${'page[size]&'.repeat(100_000)}page[size]=1`, 200],
    // Quadratic work would take these tests many minutes.
  ])(
    'a megabyte of %s is answered in linear time (%#)',

    async (name, value, path, status) => {
      const { fetch } = await startIsolate()
      const response = await fetch(newHost() + path, { headers: { [name]: value } })
      expect(response.status).toBe(status)
    },
  )

  it('proxy headers change neither links nor cache keys', async () => {
    const { fetch } = await startIsolate()
    const host = newHost()
    const headers = {
      'X-Forwarded-Host': 'evil.example',
      'X-Original-URL': '/assets?status=failed',
      Forwarded: 'host=evil.example;proto=http',
    }
    const text = await (await fetch(`${host}/assets`, { headers })).text()
    expect(text).not.toContain('evil.example')
    expect(text).toContain(`"self":"${host}/assets?page[number]=1&page[size]=25"`)
  })
})

/** The database's response for an empty page. */
function noItems(): Response {
  const asset = Array.from({ length: 11 }, () => null)
  const rows = [['b4695157-0d1d-4da0-8f9e-5c53149389e4', '0', ...asset]]
  const fields = rows.flat().map((_, index) => ({ name: `column_${index}`, dataTypeID: 25 }))
  return Response.json({ fields, rows, command: 'SELECT', rowCount: 1 })
}
