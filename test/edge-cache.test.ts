import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  type Answer,
  collectLogs,
  insertAssets,
  newHost,
  resetCatalogue,
  spyOnNetwork,
  startIsolate,
} from './worker.ts'

const ID = 'b4695157-0d1d-4da0-8f9e-5c53149389e4'
const SECOND_MS = 1000
/** By the test's own time limit, however busy the machine is. */
const SOON = { timeout: 100_000, interval: 5 }

beforeEach(async () => {
  await resetCatalogue([{ asset_id: ID }])
  vi.useFakeTimers({ toFake: ['Date'] })
})

afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

function passSeconds(seconds: number) {
  vi.setSystemTime(Date.now() + seconds * SECOND_MS)
}

async function idsOf(response: Response): Promise<string[]> {
  const page = await response.json<{ data: { asset_id: string }[] }>()
  return page.data.map((asset) => asset.asset_id)
}

function cacheStatus(response: Response): string | null {
  return response.headers.get('Cache-Status')
}

describe('a page', () => {
  it('costs one database call cold and none warm', async () => {
    const { fetch } = await startIsolate()
    const network = spyOnNetwork()
    const url = `${newHost()}/assets`
    const cold = await fetch(url)
    expect(network).toHaveBeenCalledTimes(1)
    expect(cacheStatus(cold)).toBe('assets; fwd=uri-miss; stored')
    expect(cold.headers.get('Age')).toBe('0')
    passSeconds(7)
    const warm = await fetch(url)
    expect(network).toHaveBeenCalledTimes(1)
    expect(cacheStatus(warm)).toBe('assets; hit; ttl=53')
    expect(warm.headers.get('Age')).toBe('7')
    expect(await warm.text()).toBe(await cold.text())
    for (const name of ['ETag', 'Link', 'Content-Type', 'Cache-Control']) {
      expect(warm.headers.get(name)).toBe(cold.headers.get(name))
    }
  })

  it('is shared with other isolates of the data centre', async () => {
    const url = `${newHost()}/assets`
    await (await startIsolate()).fetch(url)
    const { fetch } = await startIsolate()
    const network = spyOnNetwork()
    expect(cacheStatus(await fetch(url))).toBe('assets; hit; ttl=60')
    expect(network).not.toHaveBeenCalled()
  })

  it('is one entry for every spelling of its query', async () => {
    const { fetch } = await startIsolate()
    const host = newHost()
    await fetch(`${host}/assets?dataset=umd_tree_cover_loss&version=v1.8&page[size]=5`)
    const network = spyOnNetwork()
    for (const search of [
      'page%5Bsize%5D=5&version=v1.8&dataset=umd_tree_cover_loss',
      'dataset=x&dataset=umd_tree_cover_loss&version=1.8&page[size]=+005&utm_source=a',
      'dataset=umd%5Ftree_cover_loss&version=v1.8&page[size]=5&page[number]=1&nocache=1',
    ]) {
      expect(cacheStatus(await fetch(`${host}/assets?${search}`))).toBe('assets; hit; ttl=60')
    }
    expect(network).not.toHaveBeenCalled()
  })

  it('is one entry for every spelling of its path, and linked by its own', async () => {
    const { fetch } = await startIsolate()
    const host = newHost()
    const plain = await fetch(`${host}/assets`)
    const escaped = await fetch(`${host}/%61ssets`)
    expect(cacheStatus(escaped)).toBe('assets; hit; ttl=60')
    expect(await escaped.text()).toBe(await plain.text())
  })

  it('is not shared between hosts', async () => {
    const { fetch } = await startIsolate()
    await fetch(`${newHost()}/assets`)
    const host = newHost()
    const response = await fetch(`${host}/assets`)
    expect(cacheStatus(response)).toBe('assets; fwd=uri-miss; stored')
    const { links } = await response.json<{ links: { self: string } }>()
    expect(links.self).toBe(`${host}/assets?page[number]=1&page[size]=25`)
  })

  it('is not shared between Worker versions', async () => {
    const url = `${newHost()}/assets`
    const version = (id: string) => ({ VERSION: { id, tag: '', timestamp: '' } })
    await (await startIsolate(version('one'))).fetch(url)
    const { fetch } = await startIsolate(version('two'))
    expect(cacheStatus(await fetch(url))).toBe('assets; fwd=uri-miss; stored')
  })

  it('is not read without a good token', async () => {
    const url = `${newHost()}/assets`
    await (await startIsolate()).fetch(url)
    const { fetch } = await startIsolate()
    const match = vi.spyOn(caches.default, 'match')
    for (const Authorization of ['', 'Bearer x', 'Bearer a.b.c']) {
      const response = await fetch(url, { headers: { Authorization } })
      expect(response.status).toBe(401)
    }
    expect(match).not.toHaveBeenCalled()
  })

  it('is never stored where it is an error', async () => {
    const { fetch } = await startIsolate()
    const put = vi.spyOn(caches.default, 'put')
    const host = newHost()
    expect((await fetch(`${host}/assets?page[size]=0`)).status).toBe(422)
    expect(put).not.toHaveBeenCalled()
    expect((await fetch(`${host}/assets?page[number]=9`)).status).toBe(422)
    expect(put.mock.calls.filter(([key]) => String(key).includes('page['))).toEqual([])
  })
})

describe('a new revision', () => {
  it('is not looked for within 10 seconds', async () => {
    const { fetch } = await startIsolate()
    const url = `${newHost()}/assets`
    await fetch(url)
    await insertAssets([{}])
    const network = spyOnNetwork()
    passSeconds(10)
    expect(await idsOf(await fetch(url))).toEqual([ID])
    expect(network).not.toHaveBeenCalled()
  })

  it('is found by one check behind a stored page after 10 seconds', async () => {
    const { request, fetch } = await startIsolate()
    const url = `${newHost()}/assets`
    await fetch(url)
    await insertAssets([{}])
    passSeconds(11)
    const network = spyOnNetwork()
    let answerCheck = () => {}
    const held = new Promise<void>((resolve) => {
      answerCheck = resolve
    })
    const passOn = network.getMockImplementation()
    network.mockImplementation(async (input, init) => {
      await held
      return passOn?.(input, init) ?? Response.error()
    })
    const answers: Answer[] = []
    for (let n = 0; n < 5; n++) answers.push(await request(url))
    for (const { response } of answers) {
      expect(cacheStatus(response)).toBe('assets; hit; ttl=49')
      expect(await idsOf(response)).toEqual([ID])
    }
    await vi.waitFor(() => expect(network).toHaveBeenCalledTimes(1), SOON)
    answerCheck()
    await Promise.all(answers.map(({ settled }) => settled))
    expect(network).toHaveBeenCalledTimes(1)
    const response = await fetch(url)
    expect(cacheStatus(response)).toBe('assets; fwd=uri-miss; stored')
    expect(await idsOf(response)).toHaveLength(2)
  })

  it('found unchanged renews the promise without a page being read again', async () => {
    const { fetch } = await startIsolate()
    const url = `${newHost()}/assets`
    await fetch(url)
    const network = spyOnNetwork()
    for (let n = 0; n < 10; n++) {
      passSeconds(50)
      expect(cacheStatus(await fetch(url))).toBe('assets; hit; ttl=10')
      expect(cacheStatus(await fetch(url))).toBe('assets; hit; ttl=60')
    }
    expect(network).toHaveBeenCalledTimes(10)
  })

  it('is served to everyone 60 seconds after its commit', async () => {
    const { fetch } = await startIsolate()
    const url = `${newHost()}/assets`
    await fetch(url)
    await insertAssets([{}])
    passSeconds(61)
    const network = spyOnNetwork()
    expect(await idsOf(await fetch(url))).toHaveLength(2)
    expect(network).toHaveBeenCalledTimes(1)
  })

  it('is found although another isolate stored knowledge of the future', async () => {
    const host = newHost()
    const url = `${host}/assets`
    await (await startIsolate()).fetch(url)
    const key = `${host}/.edge-cache/${env.VERSION.id}/revision`
    const stored = await (await caches.default.match(key))?.json<{ revision: string }>()
    const ahead = JSON.stringify({ ...stored, checkedAt: Date.now() + 600_000 })
    const headers = { 'Cache-Control': 'public, s-maxage=1000' }
    await caches.default.put(key, new Response(ahead, { headers }))
    await insertAssets([{}])
    passSeconds(61)
    const { fetch } = await startIsolate()
    expect(await idsOf(await fetch(url))).toHaveLength(2)
  })

  it('known to another isolate costs no database call', async () => {
    const url = `${newHost()}/assets`
    const [first, second] = [await startIsolate(), await startIsolate()]
    await first.fetch(url)
    await second.fetch(url)
    await insertAssets([{}])
    passSeconds(15)
    await first.fetch(url)
    await first.fetch(url)
    const network = spyOnNetwork()
    await second.fetch(url)
    expect(await idsOf(await second.fetch(url))).toHaveLength(2)
    expect(network).not.toHaveBeenCalled()
  })
})

describe('while the database is down', () => {
  function takeDatabaseDown() {
    return vi.spyOn(globalThis, 'fetch').mockRejectedValue(new TypeError('connection refused'))
  }

  it('pages read before are served, labelled stale once past the promise', async () => {
    const { fetch } = await startIsolate()
    const url = `${newHost()}/assets`
    await fetch(url)
    takeDatabaseDown()
    passSeconds(30)
    expect(cacheStatus(await fetch(url))).toBe('assets; hit; ttl=30')
    passSeconds(160)
    const stale = await fetch(url)
    expect(stale.status).toBe(200)
    expect(cacheStatus(stale)).toBe('assets; hit; ttl=-130; detail=database-down')
    expect(stale.headers.get('Age')).toBe('190')
    expect(await idsOf(stale)).toEqual([ID])
  })

  it('stale pages are served without waiting for it again each time', async () => {
    const { fetch, request } = await startIsolate()
    const url = `${newHost()}/assets`
    await fetch(url)
    const network = takeDatabaseDown()
    passSeconds(100)
    await fetch(url)
    network.mockClear()
    network.mockReturnValue(new Promise(() => {}))
    const { response } = await request(url)
    expect(cacheStatus(response)).toBe('assets; hit; ttl=-40; detail=database-down')
    expect(network.mock.calls.length).toBeLessThanOrEqual(1)
  })

  it('all who ask at once for a page read before are served', async () => {
    const url = `${newHost()}/assets`
    await (await startIsolate()).fetch(url)
    const { fetch } = await startIsolate({ DATABASE_TIMEOUT_MS: 50 })
    takeDatabaseDown().mockImplementation(
      (_, init) =>
        new Promise((_resolve, reject) => {
          init?.signal?.addEventListener('abort', () => reject(init.signal?.reason))
        }),
    )
    passSeconds(100)
    const responses = await Promise.all(Array.from({ length: 20 }, () => fetch(url)))
    for (const response of responses) {
      expect(cacheStatus(response)).toBe('assets; hit; ttl=-40; detail=database-down')
    }
  })

  it('nobody waits for a call that never ends, though the limit is set as text', async () => {
    // As by `wrangler --var`, .dev.vars or the dashboard.
    const { request } = await startIsolate({ DATABASE_TIMEOUT_MS: '50' as unknown as number })
    const url = `${newHost()}/assets`
    const network = vi.spyOn(globalThis, 'fetch').mockReturnValue(new Promise(() => {}))
    void request(url)
    await vi.waitUntil(() => network.mock.calls.length > 0, SOON)
    expect((await request(url)).response.status).toBe(503)
  })

  it('it is not asked again by every request', async () => {
    const { fetch } = await startIsolate()
    const url = `${newHost()}/assets`
    await fetch(url)
    const network = takeDatabaseDown()
    passSeconds(100)
    for (let n = 0; n < 50; n++) expect((await fetch(url)).status).toBe(200)
    // The page, and one check behind the next: each sent once more.
    expect(network.mock.calls.length).toBeLessThanOrEqual(4)
  })

  it('a page is labelled stale as soon as it is', async () => {
    const { fetch } = await startIsolate()
    const url = `${newHost()}/assets`
    await fetch(url)
    takeDatabaseDown()
    passSeconds(60.4)
    expect(cacheStatus(await fetch(url))).toBe('assets; hit; ttl=-1; detail=database-down')
  })

  it('a new isolate serves the pages of each host', async () => {
    const hosts = [newHost(), newHost()]
    const first = await startIsolate()
    for (const host of hosts) {
      await first.fetch(`${host}/assets`)
      passSeconds(1)
    }
    takeDatabaseDown()
    passSeconds(100)
    for (const host of hosts) {
      const { fetch } = await startIsolate()
      expect((await fetch(`${host}/assets`)).status).toBe(200)
    }
  })

  it('a page read before the last change, and not since, is served too', async () => {
    const { fetch } = await startIsolate()
    const host = newHost()
    await fetch(`${host}/assets`)
    await insertAssets([{}])
    passSeconds(61)
    await fetch(`${host}/assets?page[size]=1`)
    takeDatabaseDown()
    passSeconds(9)
    const response = await fetch(`${host}/assets`)
    expect(cacheStatus(response)).toBe('assets; hit; ttl=-10; detail=database-down')
    expect(response.headers.get('Age')).toBe('70')
    expect(await idsOf(response)).toEqual([ID])
  })

  it('a page never read is a 503 with Retry-After', async () => {
    const { fetch } = await startIsolate()
    const host = newHost()
    await fetch(`${host}/assets`)
    takeDatabaseDown()
    const response = await fetch(`${host}/assets?status=failed`)
    expect(response.status).toBe(503)
    expect(response.headers.get('Retry-After')).toBe('5')
    expect(response.headers.get('Cache-Control')).toBe('no-store')
    expect(response.headers.get('Access-Control-Allow-Origin')).toBe('*')
    expect(response.headers.get('Access-Control-Expose-Headers')).toContain('Retry-After')
    expect(await response.json()).toEqual({ detail: 'Service Unavailable' })
  })

  it('a page of more than 24 hours ago is a 503', async () => {
    const { fetch } = await startIsolate()
    const url = `${newHost()}/assets`
    await fetch(url)
    takeDatabaseDown()
    passSeconds(86_399)
    expect((await fetch(url)).status).toBe(200)
    passSeconds(2)
    expect((await fetch(url)).status).toBe(503)
  })

  it('a new isolate still serves what the data centre stored', async () => {
    const url = `${newHost()}/assets`
    await (await startIsolate()).fetch(url)
    takeDatabaseDown()
    passSeconds(3600)
    const { fetch } = await startIsolate()
    expect(cacheStatus(await fetch(url))).toBe('assets; hit; ttl=-3540; detail=database-down')
  })

  it('its return is noticed', async () => {
    const { fetch } = await startIsolate()
    const url = `${newHost()}/assets`
    await fetch(url)
    await insertAssets([{}])
    takeDatabaseDown()
    passSeconds(100)
    await fetch(url)
    vi.restoreAllMocks()
    await fetch(url)
    const response = await fetch(url)
    expect(cacheStatus(response)).toBe('assets; fwd=uri-miss; stored')
    expect(await idsOf(response)).toHaveLength(2)
  })
})

describe('a failing cache costs speed, never an answer', () => {
  it.each(['match', 'put'] as const)('%s', async (operation) => {
    const log = collectLogs()
    vi.spyOn(caches.default, operation).mockRejectedValue(new Error('cache is broken'))
    const { fetch } = await startIsolate()
    const url = `${newHost()}/assets`
    for (let n = 0; n < 2; n++) {
      const response = await fetch(url)
      expect(response.status).toBe(200)
      expect(await idsOf(response)).toEqual([ID])
    }
    expect(log.of(`edge cache ${operation} failed`)).not.toEqual([])
  })
})
