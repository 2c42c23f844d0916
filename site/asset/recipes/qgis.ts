/**
 * QGIS: a line for its Python console, and a file of connections for its Browser panel
 * (`QgsManageConnectionsDialog` in QGIS's source reads it). QGIS 3.22 has imported both kinds of file,
 * and accepts both layers.
 */

import type { TileJson } from '../../../packages/client/src/client.ts'
import type { Recipe } from './recipe.ts'
import { escapeHtml } from './web-page.ts'

/** The zoom level up to which QGIS asks for tiles if none is recorded: its own default. */
const DEFAULT_MAX_ZOOM = 18

export function qgisRecipe(id: string, name: string, tileJson: TileJson): Recipe {
  const { tiles, minzoom = 0, maxzoom = DEFAULT_MAX_ZOOM, vector_layers: layers } = tileJson
  const [url = ''] = tiles
  const kind = layers ? 'Vector Tiles' : 'XYZ Tiles'
  const uri = `type=xyz&url=${encodeURIComponent(url)}&zmin=${minzoom}&zmax=${maxzoom}`
  const add = layers ? `addVectorTileLayer(uri, name)` : `addRasterLayer(uri, name, "wms")`
  const connection = layers ? vectorConnection : rasterConnection
  return {
    id: 'qgis',
    label: 'QGIS',
    blocks: [
      {
        label: 'URL of the connection',
        text: url,
        note: `In the Browser panel: right-click ${kind}, New Connection. Zoom levels ${minzoom} to ${maxzoom}.`,
      },
      {
        label: 'Python console',
        text: `uri = ${JSON.stringify(uri)}\nname = ${JSON.stringify(name)}\niface.${add}`,
        note: 'Plugins, Python Console: adds the layer to the open project.',
      },
      {
        label: 'File of connections',
        text: connection({ name, url, minzoom, maxzoom }),
        note: `In the Browser panel: right-click ${kind}, Load Connections.`,
        fileName: `${id}.xml`,
      },
    ],
  }
}

type Connection = { name: string; url: string; minzoom: number; maxzoom: number }

function rasterConnection({ name, url, minzoom, maxzoom }: Connection): string {
  return `<!DOCTYPE connections>
<qgsXYZTilesConnections version="1.0">
  <xyztiles name="${escapeHtml(name)}" url="${escapeHtml(url)}" zmin="${minzoom}" zmax="${maxzoom}"
    authcfg="" username="" password="" referer="" tilePixelRatio="0"/>
</qgsXYZTilesConnections>
`
}

function vectorConnection({ name, url, minzoom, maxzoom }: Connection): string {
  return `<!DOCTYPE connections>
<qgsVectorTileConnections version="1.0">
  <vectortile name="${escapeHtml(name)}" url="${escapeHtml(url)}" zmin="${minzoom}" zmax="${maxzoom}"
    authcfg="" username="" password="" serviceType="" styleUrl=""/>
</qgsVectorTileConnections>
`
}
