/** Short names that tell assets apart, made from their URIs. */

import type { Asset } from '../../packages/client/src/client.ts'

type Named = Pick<Asset, 'asset_id' | 'asset_uri' | 'version'>

/** The folder of a raster tile set's files. Its parent, such as `year`, says what they hold. */
const TILE_FOLDERS = ['geotiff', 'gdal-geotiff']

/**
 * For assets of one version and type: the segments of the URI in which they differ, such as `tcd_30`
 * or `year__tcd30_2000.tif`. A lone asset gets the last segment that says something. Only assets
 * with one URI share a name.
 */
export function shortNames(assets: Named[]): Map<string, string> {
  const uris = new Set(assets.map((asset) => asset.asset_uri))
  const candidates = [differingSegments(assets), assets.map(uriEnd)]
  const names = candidates.find((list) => new Set(list).size === uris.size)
  return new Map(assets.map((asset, i) => [asset.asset_id, names?.[i] ?? asset.asset_uri]))
}

/** The URI after its version, or the whole URI if it does not name its version. */
export function uriEnd({ asset_uri: uri, version }: Named): string {
  const separator = `/${version}/`
  const start = uri.indexOf(separator)
  return start === -1 ? uri : uri.slice(start + separator.length)
}

/**
 * Explains the code in a name such as `tcd_30` or `tcd30_2000`: the minimum tree cover density, in
 * percent, of the pixels that GFW counts as tree cover.
 */
export function meaningOf(name: string): string | undefined {
  const percent = /(?<![a-z])tcd_?(\d{1,2})(?!\d)/.exec(name)?.[1]
  return percent && `tree cover density threshold ${Number(percent)} %`
}

function differingSegments(assets: Named[]): string[] {
  const paths = assets.map((asset) => uriEnd(asset).split('/').filter(Boolean))
  const length = Math.max(0, ...paths.map((path) => path.length))
  const differs = Array.from({ length }, (_, index) =>
    paths.some((path) => path[index] !== paths[0]?.[index]),
  )
  return paths.map((path) => path.filter((_, index) => differs[index]).join('/') || lastName(path))
}

function lastName(path: string[]): string {
  const says = (segment: string) => !segment.startsWith('{') && !TILE_FOLDERS.includes(segment)
  return path.findLast(says) ?? path.join('/')
}
