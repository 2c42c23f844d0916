/** The code of docs/maps.md, as it is written there, in pages of another origin than the API's. */

import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { FileItem } from '../../tools/catalog/file.ts'
import { importCatalog } from '../../tools/catalog/import.ts'
import { listen } from '../../tools/listen.ts'
import { signToken } from '../../tools/token.ts'
import { AUTH_SECRET, startWorker } from '../../tools/workerd.ts'
import { type BuiltDatabase, startBuiltDatabase } from '../harness/built-database.ts'
import { readDocuments } from '../harness/documents.ts'
import { bundledWorker } from '../harness/worker-bundle.ts'
import { describeInBrowser, newPage, readColors, SMALL } from './browser.ts'
import { RASTER_COLOR, TILE_HOST } from './tiles.ts'

/** The color of vector tiles in the document. */
const FILL_COLOR = [42, 127, 62]

const examples = readDocuments()
  .flatMap(({ blocks }) => blocks)
  .filter(({ language }) => language === 'js')
  .map(({ place, code }, index) => ({
    place,
    code,
    path: `/example-${index}.html`,
    dataset: /\/dataset\/(\w+)\/latest\//.exec(code)?.[1] ?? '',
    color: code.includes('Raster+tile+cache') ? RASTER_COLOR : FILL_COLOR,
    newer: `v2099010${index}`,
  }))

/** A map at zoom 1 whose source is the URL alone. */
const RASTER_MAP = {
  path: '/raster.html',
  code: `
    import * as maplibregl from 'maplibre-gl'
    const api = 'http://127.0.0.1:8787'
    const url = api + '/dataset/umd_glad_sentinel2_alerts/latest/tilejson.json'
    new maplibregl.Map({
      container: 'map',
      zoom: 1,
      style: {
        version: 8,
        sources: { alerts: { type: 'raster', url } },
        layers: [{ id: 'alerts', type: 'raster', source: 'alerts' }],
      },
      transformRequest: (url) => ({
        url,
        headers: url.startsWith(api) ? { Authorization: 'Bearer ' + token } : {},
      }),
    })`,
}

/** Packages by the names under which the examples and the packages import them. */
const IMPORTS = {
  'maplibre-gl': '/maplibre-gl/dist/maplibre-gl.mjs',
  'ol/': '/ol/',
  leaflet: '/leaflet/dist/leaflet-src.esm.js',
  earcut: '/earcut/src/earcut.js',
  pbf: '/pbf/index.js',
  quickselect: '/quickselect/index.js',
  rbush: '/rbush/index.js',
}

const HEAD = `<!doctype html><title>Map</title>
<link rel="stylesheet" href="/maplibre-gl/dist/maplibre-gl.css">
<link rel="stylesheet" href="/ol/ol.css">
<link rel="stylesheet" href="/leaflet/dist/leaflet.css">
<style>#map { height: 250px }</style>
<script type="importmap">${JSON.stringify({ imports: IMPORTS })}</script>
<div id="map"></div>`

/** Pages with the examples, and the files of `node_modules`. */
function servePages(api: string): Server {
  const pages = new Map(
    [...examples, RASTER_MAP].map(({ path, code }) => {
      const script = code.replaceAll('http://127.0.0.1:8787', api)
      return [path, `${HEAD}<script type="module">${script}</script>`]
    }),
  )
  return createServer(({ url = '/' }, response) => {
    const { pathname } = new URL(url, api)
    const page = pages.get(pathname)
    if (page !== undefined) return response.setHeader('Content-Type', 'text/html').end(page)
    if (pathname === '/favicon.ico') return response.writeHead(204).end()
    const isStyle = pathname.endsWith('.css')
    response.setHeader('Content-Type', isStyle ? 'text/css' : 'text/javascript')
    return createReadStream(`node_modules${pathname}`)
      .on('error', () => response.writeHead(404).end())
      .pipe(response)
  })
}

describeInBrowser('a map', () => {
  const running = new AsyncDisposableStack()
  let database: BuiltDatabase
  let origin: string
  let token: string

  beforeAll(async () => {
    database = await startBuiltDatabase()
    running.defer(() => database.close())
    await importCatalog(database.url, await tileCaches())
    const worker = await startWorker(await bundledWorker(), {
      DATABASE_URL: database.connectionString,
      DATABASE_TIMEOUT_MS: 60_000,
      // Every request asks whether its page is current, so that the tests need not wait.
      REVISION_FRESH_SECONDS: 0,
      REVISION_MAX_AGE_SECONDS: 0,
    })
    running.defer(() => worker.close())
    token = await signToken({ subject: 'map', expires: '1h' }, AUTH_SECRET)
    const server = servePages(worker.origin)
    origin = `http://127.0.0.1:${await listen(server, 0, '127.0.0.1')}`
    running.defer(() => void server.close())
  })
  afterAll(() => running.disposeAsync())

  /** The latest tile caches of the examples' datasets in the shipped catalog. */
  async function tileCaches(): Promise<FileItem[]> {
    // Boundary: the import checks the items.
    const { data } = JSON.parse(await readFile('catalog/gfw-catalog.json', 'utf8')) as {
      data: Omit<FileItem, 'line'>[]
    }
    const datasets = new Set(examples.map(({ dataset }) => dataset))
    return data
      .filter((item) => item.is_latest && item.asset_type.endsWith('tile cache'))
      .filter(({ dataset }) => datasets.has(dataset))
      .map((item, index) => ({ ...item, line: index + 1 }))
  }

  /** Imports a copy of the dataset's latest version as its next one. */
  async function publish(dataset: string, version: string): Promise<void> {
    const latest = (await tileCaches()).filter((item) => item.dataset === dataset)
    const next = latest.map((item) => ({
      ...item,
      version,
      asset_uri: item.asset_uri.replace(item.version, version),
    }))
    await importCatalog(database.url, next)
  }

  async function openPage(): Promise<Page> {
    const page = await newPage({ viewport: SMALL })
    await page.addInitScript((token) => Object.assign(globalThis, { token }), token)
    return page
  }

  it.each(examples)(
    '$place shows the tiles of a newer version when the page is loaded again',
    async ({ path, dataset, color, newer }) => {
      const page = await openPage()
      let versions = new Set<string | undefined>()
      page.on('request', (request) => {
        const [, name, version] = new URL(request.url()).pathname.split('/')
        if (request.url().startsWith(TILE_HOST) && name === dataset) versions.add(version)
      })
      const map = page.locator('#map')

      await page.goto(origin + path)
      await expect.poll(() => readColors(map, [[0, 0]])).toEqual([color])
      expect(versions.size).toBe(1)
      expect(versions).not.toContain(newer)

      await publish(dataset, newer)
      versions = new Set()
      await page.reload()
      await expect.poll(() => readColors(map, [[0, 0]])).toEqual([color])
      expect([...versions]).toEqual([newer])
    },
  )

  it('takes the size of raster tiles from the TileJSON in MapLibre', async () => {
    const page = await openPage()
    const zooms = new Set<string | undefined>()
    page.on('request', (request) => {
      const zoom = /\/(\d+)\/\d+\/\d+\.png$/.exec(request.url())?.[1]
      if (zoom !== undefined) zooms.add(zoom)
    })
    await page.goto(origin + RASTER_MAP.path)
    await expect.poll(() => readColors(page.locator('#map'), [[0, 0]])).toEqual([RASTER_COLOR])
    // The world is 1,024 pixels wide at zoom 1: four tiles of 256 pixels.
    expect([...zooms]).toEqual(['2'])
  })
})
