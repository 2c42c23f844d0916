/** Pages in an isolate's memory, which it serves after its data center lost everything. */

import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { passDays, passSeconds } from '../../harness/clock.ts'
import { startDataCenter } from '../../harness/data-center.ts'
import { controlDatabase } from '../../harness/database-switch.ts'
import { newHost, query, resetCatalog, startIsolate } from '../../harness/worker.ts'

const KIB = 1024
/** Metadata of this length makes an asset of about 60 KiB. */
const ASSET_KIB = 60

let isolate: Awaited<ReturnType<typeof startIsolate>>
let database: ReturnType<typeof controlDatabase>
let dataCenter: ReturnType<typeof startDataCenter>
let host: string
let now = Date.now()

beforeAll(async () => {
  isolate = await startIsolate()
  const metadata = { tags: ['x'.repeat(ASSET_KIB * KIB)] }
  await resetCatalog(
    Array.from({ length: 8 }, (_, n) => ({
      asset_uri: `s3://${n}`,
      created_on: `202${n}-01-01T00:00:00Z`,
      metadata,
    })),
  )
})

beforeEach(() => {
  vi.setSystemTime(now)
  passDays()
  host = newHost()
  database = controlDatabase()
  dataCenter = startDataCenter()
})

afterEach(() => {
  now = Date.now()
  vi.restoreAllMocks()
})

/** Clears the data center's cache; true if the page is answered from memory. */
async function isKept(path: string): Promise<boolean> {
  dataCenter.clear()
  const { response, calls } = await database.ask(isolate, host + path)
  expect(response.status).toBe(200)
  return calls === 'none'
}

describe('the memory of an isolate', () => {
  it.each([
    ['1', true],
    ['4', true],
    ['5', false],
    ['8', false],
  ])('keeps no page of more than 256 KiB: %s assets of 60', async (size, kept) => {
    const path = `/assets?page[size]=${size}`
    await isolate.fetch(host + path)
    expect(await isKept(path)).toBe(kept)
    // Reading the page again does not change that.
    expect(await isKept(path)).toBe(kept)
  })

  it('keeps no large page that is read from the data center', async () => {
    const path = '/assets?page[size]=8'
    await isolate.fetch(host + path)
    await isolate.fetch(host + path)
    expect(await isKept(path)).toBe(false)
  })

  it('keeps a page that is read from the data center', async () => {
    const other = await startIsolate()
    await other.fetch(`${host}/assets?page[size]=1`)
    await isolate.fetch(`${host}/assets?page[size]=1`)
    expect(await isKept('/assets?page[size]=1')).toBe(true)
  })

  it('keeps the 8 MiB of pages used last', async () => {
    // Pages of 3 assets, each under a URL of its own: 180 KiB.
    const path = '/assets?page[size]=3'
    const origins = Array.from({ length: 60 }, () => newHost())
    for (const [n, origin] of origins.entries()) {
      await isolate.fetch(origin + path)
      // The first page stays in use and in memory.
      dataCenter.clear()
      const { calls } = await database.ask(isolate, origins[0] + path)
      expect([n, calls]).toEqual([n, 'none'])
    }
    const kept = []
    database.state = 'unreachable'
    dataCenter.clear()
    for (const origin of origins) {
      const { response } = await database.ask(isolate, origin + path)
      kept.push(response.status === 200)
    }
    const count = kept.filter(Boolean).length
    // 8 MiB are 45 of them.
    expect(count).toBeGreaterThan(40)
    expect(count).toBeLessThan(47)
    expect(kept[0]).toBe(true)
    expect(kept.slice(1, 61 - count)).not.toContain(true)
    expect(kept.slice(61 - count)).not.toContain(false)
  })

  it('counts the URLs of pages: it does not keep 350 empty pages with long URLs', async () => {
    const path = (n: number) => `/assets?asset_uri=${n}${'%C3%A4'.repeat(1000)}`
    await database.replay(isolate, host + path(0))
    const others = Array.from({ length: 349 }, (_, n) => host + path(n + 1))
    await Promise.all(others.map((url) => isolate.fetch(url)))
    expect(await isKept(path(349))).toBe(true)
    expect(await isKept(path(0))).toBe(false)
  })

  it('drops pages of replaced revisions', async () => {
    await isolate.fetch(`${host}/assets?page[size]=1`)
    await query("update assets set status = 'pending' where asset_uri = 's3://0'")
    passSeconds(1)
    await isolate.fetch(`${host}/datasets`)
    expect(await isKept('/assets?page[size]=1')).toBe(false)
    expect(await isKept('/assets?page[size]=1')).toBe(true)
  })
})
