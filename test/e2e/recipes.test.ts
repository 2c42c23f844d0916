/** The recipes of tile caches, as the page of the asset shows them, in pages of another origin. */

import { createReadStream } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { listen } from '../../tools/listen.ts'
import { describeInBrowser, newPage, readColors, SMALL, signedIn, token } from './browser.ts'
import { BASEMAP_HOST, RASTER_COLOR } from './tiles.ts'

const TREE_COVER_LOSS = '/?asset=461463b0-ceb8-5031-8307-981d89f00c79'
const OIL_PALM = '/?asset=a7b766ef-0594-5826-a9a3-e72bd9d491d2'

/** The recipes' green, half transparent on white, on the basemap's style, and on its tiles. */
const ON_WHITE = [149, 191, 159]
const ON_STYLE = [141, 164, 71]
const ON_TILES = [121, 79, 91]

const CDN = 'https://unpkg.com/'
const TYPES: Record<string, string> = { css: 'text/css', html: 'text/html' }

/** Empty maps, in which a snippet runs, with the packages under the names that it imports. */
const IMPORTS = {
  'maplibre-gl': '/maplibre-gl@0/dist/maplibre-gl.mjs',
  'ol/': '/ol@0/',
  earcut: '/earcut@0/src/earcut.js',
  pbf: '/pbf@0/index.js',
  quickselect: '/quickselect@0/index.js',
  rbush: '/rbush@0/index.js',
}
const EMPTY_MAP: Record<string, (snippet: string) => string> = {
  MapLibre: (snippet) => `import * as maplibregl from 'maplibre-gl'
const map = new maplibregl.Map({ container: 'map', style: { version: 8, sources: {}, layers: [] } })
map.on('load', () => {
${snippet}
})`,
  Leaflet: (snippet) => `const map = L.map('map').setView([0, 0], 2)
${snippet}`,
  OpenLayers: (snippet) => `import OlMap from 'ol/Map.js'
import View from 'ol/View.js'
const map = new OlMap({ target: 'map', view: new View({ center: [0, 0], zoom: 2 }) })
${snippet}`,
}

/** Serves pages by their paths, and the files of packages by the paths of unpkg.com. */
function servePages(pages: Map<string, string>): Server {
  return createServer(({ url = '/' }, response) => {
    const { pathname } = new URL(url, 'http://localhost')
    const extension = pathname.split('.').at(-1) ?? ''
    response.setHeader('Content-Type', TYPES[extension] ?? 'text/javascript')
    const page = pages.get(pathname)
    if (page !== undefined) return response.end(page)
    if (pathname === '/favicon.ico') return response.writeHead(204).end()
    return createReadStream(`node_modules${pathname.replace(/@[\d.]+/, '')}`)
      .on('error', () => response.writeHead(404).end())
      .pipe(response)
  })
}

describeInBrowser('the recipes of', () => {
  const pages = new Map<string, string>()
  const server = servePages(pages)
  let host: string

  beforeAll(async () => {
    host = `http://127.0.0.1:${await listen(server, 0, '127.0.0.1')}`
  })
  afterAll(() => void server.close())

  /** The text of a block under a tab of the asset's page. */
  async function read(explorer: Page, tab: string, block: string): Promise<string> {
    await explorer.getByRole('tab', { name: tab, exact: true }).click()
    const figure = explorer.getByRole('figure', { name: block, exact: true })
    return (await figure.locator('pre').textContent()) ?? ''
  }

  function emptyPage(script: string): string {
    return `<!doctype html><style>#map { height: 300px }</style>
<script type="importmap">${JSON.stringify({ imports: IMPORTS })}</script>
<link rel="stylesheet" href="/leaflet@0/dist/leaflet.css"><div id="map"></div>
<script src="/leaflet@0/dist/leaflet.js"></script><script type="module">${script}</script>`
  }

  /** Opens a page and waits until the center of its map has the color. */
  async function expectMap(page: Page, name: string, html: string, color: number[]) {
    pages.set(`/${name}.html`, html.replaceAll(CDN, `${host}/`))
    await page.goto(`${host}/${name}.html`)
    const map = page.locator('#map')
    const differences = async () => {
      const [drawn = []] = await readColors(map, [[-20, -20]])
      return drawn.map((value, index) => Math.abs(value - (color[index] ?? 0)) <= 2)
    }
    await expect.poll(differences, { message: name }).toEqual([true, true, true])
  }

  it.each([
    [
      'raster tiles',
      TREE_COVER_LOSS,
      RASTER_COLOR,
      { MapLibre: RASTER_COLOR, Leaflet: RASTER_COLOR, OpenLayers: RASTER_COLOR },
    ],
    ['vector tiles', OIL_PALM, ON_WHITE, { MapLibre: ON_STYLE, OpenLayers: ON_TILES }],
  ])('%s draw them, as a page with a basemap and in an empty map', async (...given) => {
    const [, path, color, tools] = given
    const explorer = await signedIn(path)
    const page = await newPage({ viewport: SMALL, hasBasemap: true })
    for (const [tool, onBasemap] of Object.entries(tools)) {
      const html = await read(explorer, tool, 'Web page')
      const basemap = page.waitForRequest(`${BASEMAP_HOST}/**`)
      await expectMap(page, `${tool}-page`, html, onBasemap)
      await basemap
      expect(await page.locator('#map').textContent()).toContain('Global Forest Watch')
      const snippet = await read(
        explorer,
        tool,
        tool === 'MapLibre' ? 'Source and layers' : 'Layer',
      )
      const script = EMPTY_MAP[tool]?.(snippet) ?? ''
      await expectMap(page, `${tool}-layer`, emptyPage(script), color)
    }
  })

  it('the latest version take its tiles from the stable TileJSON', async () => {
    const explorer = await signedIn(OIL_PALM)
    const code = await read(explorer, 'MapLibre', 'Always the latest version')
    const page = await newPage({ viewport: SMALL, hasBasemap: true })
    await page.addInitScript((token) => Object.assign(globalThis, { token }), token)
    const versions = new Set<string | undefined>()
    page.on('request', (request) => {
      const [, version] = /\/gfw_oil_palm\/(v\w+)\/.*\.pbf$/.exec(request.url()) ?? []
      if (version) versions.add(version)
    })
    const script = `import * as maplibregl from 'maplibre-gl'\n${code}`
    await expectMap(page, 'latest', emptyPage(script), ON_STYLE)
    // The asset itself is of v20191031.
    expect([...versions]).toEqual(['v2025'])
  })
})
