/** OpenLayers: a page with its full build, and a layer for a map made with the package's modules. */

import type { TileJson } from '../../../packages/client/src/client.ts'
import { BASEMAP_COMMENT, BASEMAP_TILES, GFW_ATTRIBUTION } from './basemap.ts'
import { toJs } from './js-literal.ts'
import { VECTOR_COLOR } from './maplibre.ts'
import type { Recipe } from './recipe.ts'
import { webPage } from './web-page.ts'

/** The version that the tests run the recipe with. */
export const OPENLAYERS_VERSION = '10.11.0'
const CDN = `https://unpkg.com/ol@${OPENLAYERS_VERSION}`

const RASTER_IMPORTS = `import TileLayer from 'ol/layer/Tile.js'
import XYZ from 'ol/source/XYZ.js'`
const VECTOR_IMPORTS = `import MVT from 'ol/format/MVT.js'
import VectorTileLayer from 'ol/layer/VectorTile.js'
import VectorTileSource from 'ol/source/VectorTile.js'`

/** The names of OpenLayers' classes in the code that makes a layer. */
type Classes = Record<'TileLayer' | 'XYZ' | 'MVT' | 'VectorTileLayer' | 'VectorTileSource', string>
const IN_MODULES: Classes = {
  TileLayer: 'TileLayer',
  XYZ: 'XYZ',
  MVT: 'MVT',
  VectorTileLayer: 'VectorTileLayer',
  VectorTileSource: 'VectorTileSource',
}
const IN_FULL_BUILD: Classes = {
  TileLayer: 'ol.layer.Tile',
  XYZ: 'ol.source.XYZ',
  MVT: 'ol.format.MVT',
  VectorTileLayer: 'ol.layer.VectorTile',
  VectorTileSource: 'ol.source.VectorTile',
}

export function openLayersRecipe(id: string, tileJson: TileJson): Recipe {
  const { vector_layers: layers, name, minzoom } = tileJson
  const toLayer = layers ? vectorLayer : rasterLayer
  const page = webPage({
    title: name,
    styles: [`${CDN}/ol.css`],
    scripts: [`${CDN}/dist/ol.js`],
    code: `const map = new ol.Map({
  target: 'map',
  view: new ol.View({ center: [0, 0], zoom: ${Math.max(2, minzoom ?? 0)} }),
})

${BASEMAP_COMMENT}
map.addLayer(${basemap(IN_FULL_BUILD)})

map.addLayer(${toLayer(tileJson, IN_FULL_BUILD)})`,
  })
  const text = `${layers ? VECTOR_IMPORTS : RASTER_IMPORTS}

map.addLayer(${toLayer(tileJson, IN_MODULES)})`
  return {
    id: 'openlayers',
    label: 'OpenLayers',
    blocks: [
      { label: 'Web page', text: page, fileName: `${id}.openlayers.html` },
      { label: 'Layer', text, note: 'For your own map.' },
    ],
  }
}

function basemap(classes: Classes): string {
  const { url, maxZoom, attribution } = BASEMAP_TILES
  return tileLayer({ url, maxZoom, attributions: attribution }, classes)
}

function rasterLayer({ tiles, minzoom, maxzoom }: TileJson, classes: Classes): string {
  const zooms = { minZoom: minzoom, maxZoom: maxzoom }
  return tileLayer({ url: tiles[0], ...zooms, attributions: GFW_ATTRIBUTION }, classes)
}

function tileLayer(source: object, classes: Classes): string {
  return `new ${classes.TileLayer}({
  source: new ${classes.XYZ}(${toJs(source, '  ')}),
})`
}

function vectorLayer({ tiles, minzoom, maxzoom }: TileJson, classes: Classes): string {
  const zooms = Object.entries({ minZoom: minzoom, maxZoom: maxzoom })
    .filter(([, zoom]) => zoom !== undefined)
    .map(([name, zoom]) => `\n    ${name}: ${zoom},`)
  const style = {
    'fill-color': `${VECTOR_COLOR}80`,
    'stroke-color': VECTOR_COLOR,
    'circle-radius': 3,
    'circle-fill-color': VECTOR_COLOR,
  }
  return `new ${classes.VectorTileLayer}({
  source: new ${classes.VectorTileSource}({
    format: new ${classes.MVT}(),
    url: ${toJs(tiles[0])},${zooms.join('')}
    attributions: ${toJs(GFW_ATTRIBUTION)},
  }),
  style: ${toJs(style, '  ')},
})`
}
