/** MapLibre GL JS: a page, and a source and layers for a map that exists. */

import type { TileJson } from '../../../packages/client/src/client.ts'
import { BASEMAP_COMMENT, BASEMAP_STYLE, GFW_ATTRIBUTION } from './basemap.ts'
import { toJs } from './js-literal.ts'
import { blocks, type Recipe } from './recipe.ts'
import { webPage } from './web-page.ts'

/** The version that the tests run the recipes with. */
export const MAPLIBRE_VERSION = '6.17.0'
const CDN = `https://unpkg.com/maplibre-gl@${MAPLIBRE_VERSION}/dist`

export const VECTOR_COLOR = '#2a7f3e'

/** @param id names the source and its layers: the dataset */
export function mapLibreRecipe(id: string, tileJson: TileJson, latestUrl?: string): Recipe {
  const { tiles, minzoom, maxzoom, tileSize, vector_layers: layers } = tileJson
  const type = layers ? 'vector' : 'raster'
  const tuned = { minzoom, maxzoom, tileSize, attribution: GFW_ATTRIBUTION }
  const source = { type, tiles, ...tuned }
  const page = webPage({
    title: tileJson.name,
    styles: [`${CDN}/maplibre-gl.css`],
    code: `import * as maplibregl from '${CDN}/maplibre-gl.mjs'\n\n${newMap(id, tileJson, source)}`,
  })
  return {
    id: 'maplibre',
    label: 'MapLibre',
    blocks: blocks(
      { label: 'Web page', text: page, fileName: `${id}.maplibre.html` },
      {
        label: 'Source and layers',
        text: sourceAndLayers(id, tileJson, source),
        note: 'For your own map. Run it after the map’s “load” event.',
      },
      latestUrl === undefined ? undefined : latestBlock(id, tileJson, { type, url: latestUrl }),
    ),
  }
}

function latestBlock(id: string, tileJson: TileJson, source: { type: string; url: string }) {
  const { origin } = new URL(source.url)
  const transform = `
  transformRequest: (url) =>
    url.startsWith('${origin}/') ? { url, headers: { Authorization: \`Bearer \${token}\` } } : { url },`
  return {
    label: 'Always the latest version',
    text: newMap(id, tileJson, { ...source, attribution: GFW_ATTRIBUTION }, transform),
    note: 'The source is the TileJSON of the latest version, which needs the token of this API.',
  }
}

function newMap(id: string, tileJson: TileJson, source: object, options = ''): string {
  return `const map = new maplibregl.Map({
  container: 'map',
  center: [0, 0],
  zoom: ${Math.max(1, tileJson.minzoom ?? 0)},
  ${BASEMAP_COMMENT}
  style: '${BASEMAP_STYLE}',${options}
})

map.on('load', () => {
${sourceAndLayers(id, tileJson, source).replace(/^/gm, '  ')}
})`
}

function sourceAndLayers(id: string, tileJson: TileJson, source: object): string {
  const layers = layersOf(id, tileJson).map((layer) => `map.addLayer(${toJs(layer)})`)
  return [`map.addSource(${toJs(id)}, ${toJs(source)})`, ...layers].join('\n')
}

/** The features of a vector layer can be of any geometry type, which is not recorded. */
function layersOf(id: string, { vector_layers: layers }: TileJson): object[] {
  if (!layers) return [{ id, type: 'raster', source: id }]
  return layers.flatMap((layer) => {
    const drawn = { source: id, 'source-layer': layer.id }
    return [
      {
        id: `${layer.id}-fill`,
        type: 'fill',
        ...drawn,
        filter: ['==', ['geometry-type'], 'Polygon'],
        paint: { 'fill-color': VECTOR_COLOR, 'fill-opacity': 0.5 },
      },
      { id: `${layer.id}-line`, type: 'line', ...drawn, paint: { 'line-color': VECTOR_COLOR } },
      {
        id: `${layer.id}-circle`,
        type: 'circle',
        ...drawn,
        filter: ['==', ['geometry-type'], 'Point'],
        paint: { 'circle-color': VECTOR_COLOR, 'circle-radius': 3 },
      },
    ]
  })
}
