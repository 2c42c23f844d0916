/**
 * What clients of GFW's asset endpoints send, and what they read of the answer. Each test does as its
 * client does, with the token added; docs/differences-from-gfw.md lists what differs on purpose.
 */

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ShippedCatalog, startShippedCatalog } from '../../harness/shipped-catalog.ts'

type Asset = {
  asset_id: string
  dataset: string
  version: string
  asset_type: string
  asset_uri: string
  created_on: string
  metadata: { fields?: { name: string }[]; bands?: { pixel_meaning: string }[] }
}
type Page = {
  data: Asset[]
  links: { next: string }
  meta: { size: string; total_items: string; total_pages: string }
}

let catalog: ShippedCatalog
beforeAll(async () => {
  catalog = await startShippedCatalog()
})
afterAll(() => catalog[Symbol.asyncDispose]())

async function send(url: string, headers: Record<string, string> = {}): Promise<Response> {
  const authorization = { Authorization: `Bearer ${catalog.token}` }
  return fetch(new URL(url, catalog.origin), { headers: { ...authorization, ...headers } })
}

/** Fails unless the status is 200. Boundary: tests check what they read. */
async function read<Body = Page>(url: string, headers?: Record<string, string>): Promise<Body> {
  const response = await send(url, headers)
  expect([url, response.status]).toEqual([url, 200])
  return (await response.json()) as Body
}

describe('the data pump', () => {
  const headers = { 'content-type': 'application/json', 'x-api-key': 'a key of GFW' }

  it('finds the 1x1 grid among the assets of a version', async () => {
    const { data } = await read('/dataset/wdpa_protected_areas/v202010/assets', headers)
    const grids = data.filter(({ asset_type }) => asset_type === '1x1 grid')
    expect(grids.map(({ asset_uri }) => asset_uri)).toEqual([
      's3://gfw-data-lake/wdpa_protected_areas/v202010/vector/epsg-4326/wdpa_protected_areas_v202010_1x1.tsv',
    ])
  })

  it('gets every version whole, since none has more assets than a page', async () => {
    const largest = '/dataset/umd_tree_cover_density_2000/v1.8/assets'
    const { data, meta } = await read(largest, headers)
    expect([data.length, meta.total_items, meta.total_pages]).toEqual([20, '20', '1'])
  })

  it('reads the name of the latest version', async () => {
    const { data } = await read<{ data: { version: string } }>(
      '/dataset/umd_tree_cover_loss/latest',
      headers,
    )
    expect(data.version).toBe('v1.13')
  })

  it('meets a status from 300 on for a version that does not exist', async () => {
    expect((await send('/dataset/umd_tree_cover_loss/v99', headers)).status).toBe(404)
  })
})

describe('a raster download script', () => {
  it('finds the tiles of a version by type, with blanks as + or %20', async () => {
    const uris = ['Raster+tile+set', 'Raster%20tile%20set', 'Raster tile set'].map(async (type) => {
      const { data } = await read(`/dataset/umd_tree_cover_loss/v1.12/assets?asset_type=${type}`)
      return data.map((asset) => asset.asset_uri)
    })
    const uri =
      's3://gfw-data-lake/umd_tree_cover_loss/v1.12/raster/epsg-4326/10/40000/year/geotiff/{tile_id}.tif'
    expect(await Promise.all(uris)).toEqual([[uri], [uri], [uri]])
  })

  it('reads the pixel meanings of the latest version', async () => {
    const { data } = await read(
      '/dataset/umd_tree_cover_loss/latest/assets?asset_type=Raster tile set',
    )
    const meanings = data.map(({ metadata }) => metadata.bands?.map((band) => band.pixel_meaning))
    expect(meanings).toEqual([['year']])
  })
})

describe('the map builder', () => {
  it('finds the URL of tiles in the pairs of a version', async () => {
    const { data } = await read<{ data: { assets: [string, string][] } }>(
      '/dataset/gfw_oil_palm/latest',
    )
    const [, url] = data.assets.find(([type]) => type === 'Dynamic vector tile cache') ?? []
    expect(url).toBe(
      'https://tiles.globalforestwatch.org/gfw_oil_palm/v2025/dynamic/{z}/{x}/{y}.pbf',
    )
  })
})

describe('a STAC lambda', () => {
  it('walks from datasets to versions to the URIs of their COGs', async () => {
    type Datasets = { data: { dataset: string; versions: string[] }[] }
    const { data: datasets } = await read<Datasets>('/datasets?page[size]=1000')
    expect(datasets).toHaveLength(261)
    const { versions = [] } =
      datasets.find(({ dataset }) => dataset === 'umd_tree_cover_loss') ?? {}
    const { data } = await read(`/dataset/umd_tree_cover_loss/${versions.at(-1)}/assets`)
    const cogs = data.filter(({ asset_type }) => asset_type === 'COG')
    expect(cogs.map(({ asset_uri }) => asset_uri.split('/').at(-1))).toHaveLength(16)
  })
})

describe('a crawl', () => {
  const all = '/assets?is_latest=true'
  const latest = 457

  it('by page[number], until a page is shorter than it asked for, sees each asset once', async () => {
    const seen: string[] = []
    let length = 100
    for (let number = 1; length === 100; number++) {
      const page = encodeURI(`&page[number]=${number}&page[size]=100`)
      const { data } = await read(`${all}${page}`)
      length = data.length
      seen.push(...data.map(({ asset_id }) => asset_id))
    }
    expect([seen.length, new Set(seen).size]).toEqual([latest, latest])
  })

  it('by page[number], until an answer is not 200, sees each asset once', async () => {
    const seen: string[] = []
    let response = await send(`${all}&page[number]=1`)
    for (let number = 2; response.status === 200; number++) {
      const { data } = (await response.json()) as Page
      seen.push(...data.map(({ asset_id }) => asset_id))
      response = await send(`${all}&page[number]=${number}`)
    }
    expect([seen.length, new Set(seen).size, response.status]).toEqual([latest, latest, 422])
  })

  it('by page[number], up to total_pages as a number, sees each asset once', async () => {
    const first = await read(all)
    const pages = Math.ceil(Number(first.meta.total_items) / Number(first.meta.size))
    expect(pages).toBe(Number(first.meta.total_pages))
    const seen = new Set<string>()
    for (let number = 1; number <= pages; number++) {
      const { data } = await read(`${all}&page[number]=${number}`)
      for (const { asset_id } of data) seen.add(asset_id)
    }
    expect(seen.size).toBe(latest)
  })

  it('by links.next stays in its listing, and sees each asset once', async () => {
    const seen: string[] = []
    for (let url = all; url; ) {
      const page = await read(url)
      seen.push(...page.data.map(({ asset_id }) => asset_id))
      url = page.links.next
    }
    expect([seen.length, new Set(seen).size]).toEqual([latest, latest])
  })

  it('of the assets of a version by links.next stays on its path', async () => {
    const seen: string[] = []
    let url = '/dataset/umd_tree_cover_loss/v1.12/assets?page[size]=8'
    const urls: string[] = []
    while (url) {
      const page = await read(url)
      seen.push(...page.data.map(({ asset_id }) => asset_id))
      url = page.links.next
      urls.push(url)
    }
    const listing = `${catalog.origin}/dataset/umd_tree_cover_loss/v1.12/assets`
    expect([seen.length, new Set(seen).size]).toEqual([19, 19])
    expect(urls).toEqual([
      `${listing}?page[number]=2&page[size]=8`,
      `${listing}?page[number]=3&page[size]=8`,
      '',
    ])
  })
})

describe('a page probe', () => {
  it('counts the assets by a page of one', async () => {
    const { data, meta } = await read('/assets?page[size]=1')
    expect([data.length, Number(meta.total_items)]).toEqual([1, 1582])
  })

  it('is told which of its parameters have no effect', async () => {
    const { headers } = await send('/assets?page=2&size=100&limit=5')
    expect(headers.get('Ignored-Parameters')).toBe('page, size, limit')
  })
})

describe('a client that filters', () => {
  it.each([
    ['dataset=umd_tree_cover_loss&version=v1.12&asset_type=COG', 18],
    ['dataset=umd_tree_cover_loss&version=1.12&asset_type=COG', 18],
    ['dataset=gfw_oil_palm', 5],
    ['dataset=gfw_oil_palm&version=latest', 2],
    ['dataset=gfw_oil_palm&is_latest=True', 2],
    ['dataset=gfw_oil_palm&is_latest=1', 2],
    ['dataset=gfw_oil_palm&status=saved', 5],
    ['dataset=gfw_oil_palm&status=pending', 0],
  ])('?%s gets %i assets', async (query, count) => {
    expect((await read(`/assets?${query}`)).data).toHaveLength(count)
  })

  it('by URI gets one asset, whose id names it', async () => {
    const uri = 'https://tiles.globalforestwatch.org/gfw_oil_palm/v2025/default/{z}/{x}/{y}.pbf'
    const { data } = await read(`/assets?asset_uri=${encodeURIComponent(uri)}`)
    const answers = await Promise.all(data.map(({ asset_id }) => read(`/asset/${asset_id}`)))
    expect(data.map(({ asset_uri }) => asset_uri)).toEqual([uri])
    expect(answers).toEqual([{ data: data[0], status: 'success' }])
  })
})

describe('a client that reads metadata', () => {
  it('lists the fields of the first asset', async () => {
    const { data } = await read(
      '/assets?dataset=gfw_oil_palm&version=v20191031&asset_type=Static vector tile cache',
    )
    const fields = data.map(({ metadata }) => metadata.fields?.map(({ name }) => name))
    expect(fields).toEqual([['name', 'group_comp', 'country', 'area_ha']])
  })

  it('parses every time as UTC', async () => {
    const { data } = await read('/assets?page[size]=100')
    expect(data.filter(({ created_on }) => Number.isNaN(Date.parse(created_on)))).toEqual([])
    expect(data.filter(({ created_on }) => !created_on.endsWith('Z'))).toEqual([])
  })
})

describe("the data portal's form", () => {
  const origin = { Origin: 'https://data-portal.example' }

  it.each(['/assets', '/dataset/umd_tree_cover_loss/v1.12/assets', '/datasets'])(
    'may send its headers to %s, by the preflight',
    async (path) => {
      const { status, headers } = await fetch(new URL(path, catalog.origin), {
        method: 'OPTIONS',
        headers: {
          ...origin,
          'Access-Control-Request-Method': 'GET',
          'Access-Control-Request-Headers': 'authorization,content-type,x-api-key',
        },
      })
      expect(status).toBe(204)
      expect(headers.get('Access-Control-Allow-Origin')).toBe('*')
      expect(headers.get('Access-Control-Allow-Headers')).toBe(
        'authorization,content-type,x-api-key',
      )
    },
  )

  it('reads the types of a version', async () => {
    const response = await send('/dataset/gfw_oil_palm/v2025/assets', {
      ...origin,
      'content-type': 'application/json',
      'x-api-key': 'a key of GFW',
    })
    expect([response.status, response.headers.get('Access-Control-Allow-Origin')]).toEqual([
      200,
      '*',
    ])
    const { data } = (await response.json()) as Page
    expect(data.map(({ asset_type }) => asset_type).toSorted()).toEqual([
      'Dynamic vector tile cache',
      'Static vector tile cache',
    ])
  })
})

describe('a client that shows `detail` of whatever is not 200', () => {
  /** Like `f"{body['detail']}"`. */
  async function shown(path: string, init?: RequestInit): Promise<string> {
    const headers = { Authorization: `Bearer ${catalog.token}` }
    const response = await fetch(new URL(path, catalog.origin), { headers, ...init })
    expect(response.status).not.toBe(200)
    expect(response.headers.get('Content-Type')).toBe('application/json')
    const { detail } = (await response.json()) as { detail: unknown }
    return typeof detail === 'string' ? detail : JSON.stringify(detail)
  }

  it.each<[string, string, RequestInit?]>([
    ['/assets', 'Not authenticated', { headers: {} }],
    ['/assets', 'The token is malformed', { headers: { Authorization: 'Bearer x' } }],
    ['/assets', 'Method Not Allowed', { method: 'POST' }],
    [
      '/asset/00000000-0000-4000-8000-000000000000',
      'Could not find requested asset 00000000-0000-4000-8000-000000000000',
    ],
    ['/dataset/nothing', 'Dataset with name nothing does not exist'],
    ['/dataset/gfw_oil_palm/v99', 'Version with name gfw_oil_palm.v99 does not exist'],
    ['/dataset/gfw_oil_palm/v99/assets', 'Version with name gfw_oil_palm.v99 does not exist'],
    ['/nowhere', 'Not Found'],
    [
      '/assets?page[size]=all',
      '[{"loc":["query","page[size]"],"msg":"value is not a valid integer","type":"type_error.integer"}]',
    ],
    [
      '/assets?dataset=gfw_oil_palm&page[number]=2',
      '[{"loc":["query","page[number]"],"msg":"Page number 2 is larger than the total page count: 1","type":"value_error.page"}]',
    ],
  ])('of %s reads %s', async (path, detail, init) => {
    expect(await shown(path, init)).toBe(detail)
  })
})
