/** Leaflet: raster tiles, which it draws without a plugin. */

import type { TileJson } from '../../../packages/client/src/client.ts'
import { BASEMAP_COMMENT, BASEMAP_TILES, GFW_ATTRIBUTION } from './basemap.ts'
import { toJs } from './js-literal.ts'
import type { Recipe } from './recipe.ts'
import { webPage } from './web-page.ts'

/** The version that the tests run the recipe with. */
export const LEAFLET_VERSION = '1.9.4'
const CDN = `https://unpkg.com/leaflet@${LEAFLET_VERSION}/dist`

export function leafletRecipe(id: string, { tiles, minzoom, maxzoom, name }: TileJson): Recipe {
  // Leaflet scales the tiles of other zoom levels.
  const zooms = { minNativeZoom: minzoom, maxNativeZoom: maxzoom }
  const layer = tileLayer(tiles[0], { ...zooms, attribution: GFW_ATTRIBUTION })
  const { url, maxZoom: maxNativeZoom, attribution } = BASEMAP_TILES
  const page = webPage({
    title: name,
    styles: [`${CDN}/leaflet.css`],
    scripts: [`${CDN}/leaflet.js`],
    code: `const map = L.map('map').setView([0, 0], ${Math.max(2, minzoom ?? 0)})

${BASEMAP_COMMENT}
${tileLayer(url, { maxNativeZoom, attribution })}

${layer}`,
  })
  return {
    id: 'leaflet',
    label: 'Leaflet',
    blocks: [
      { label: 'Web page', text: page, fileName: `${id}.leaflet.html` },
      { label: 'Layer', text: layer, note: 'For your own map.' },
    ],
  }
}

function tileLayer(url: string | undefined, options: object): string {
  return `L.tileLayer(
  ${toJs(url)},
  ${toJs(options, '  ')},
).addTo(map)`
}
