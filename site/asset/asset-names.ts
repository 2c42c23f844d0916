/** Short names that tell assets apart, made from their URIs. */

import type { Asset } from '../../packages/client/src/client.ts'

type Named = Pick<Asset, 'asset_id' | 'asset_uri' | 'version'>

/**
 * For assets of one version and type: the segments of the URI in which they differ, such as `tcd_30`
 * or `year__tcd30_2000.tif`. A lone asset gets the last segment that is no placeholder.
 */
export function shortNames(assets: Named[]): Map<string, string> {
  const paths = assets.map(uriSegments)
  const differs = (index: number) => paths.some((path) => path[index] !== paths[0]?.[index])
  return new Map(
    assets.map((asset, position) => {
      const path = paths[position] ?? []
      const distinct = assets.length > 1 ? path.filter((_, index) => differs(index)) : []
      return [asset.asset_id, distinct.join('/') || lastName(path)]
    }),
  )
}

/** The URI after its version, or the whole URI if it does not name its version. */
export function uriEnd({ asset_uri: uri, version }: Named): string {
  const [, end = uri] = uri.split(`/${version}/`)
  return end
}

function uriSegments(asset: Named): string[] {
  return uriEnd(asset).split('/').filter(Boolean)
}

function lastName(path: string[]): string {
  return path.findLast((segment) => !segment.startsWith('{')) ?? path.join('/')
}
