/** `GET /asset/{asset_id}` and its TileJSON. */

import { linkHeader, pageSearch } from '../api/links.ts'
import type { RenderedPage } from '../api/listing-page.ts'
import type { assetPathSchema } from '../api/path.ts'
import { assetQuerySchema } from '../api/query.ts'
import type { Asset } from '../api/resource.ts'
import { tileJsonLinks, toTileJson } from '../api/tile-json.ts'
import { answerFrom, type CatalogContext } from '../cache/cached-answer.ts'
import { readAsset } from '../db/catalog.ts'
import { notFound } from '../errors.ts'
import type { ValidPath } from '../middleware/valid-request.ts'

type AssetContext = CatalogContext<ValidPath<typeof assetPathSchema>>

/**
 * The asset. `Link` names the listing of its dataset version, and its TileJSON if it has one.
 *
 * @throws {ApiError} 404; 503 as `answerFrom`
 */
export function getAsset(c: AssetContext): Promise<Response> {
  return answerWith(c, '', (asset, origin) => {
    const { dataset, version } = asset
    const search = pageSearch(assetQuerySchema.parse({ dataset, version }))
    const listing = `${origin}/assets${search}`
    return {
      json: { data: asset, status: 'success' },
      link: linkHeader(origin, [...tileJsonLinks([asset]), { rel: 'collection', href: listing }]),
    }
  })
}

/**
 * The asset as a source for map libraries.
 *
 * @throws {ApiError} 404, 409 as `toTileJson`; 404, 503 as `getAsset`
 */
export function getTileJson(c: AssetContext): Promise<Response> {
  return answerWith(c, '/tilejson.json', (asset, origin) => ({
    json: toTileJson(asset),
    link: linkHeader(origin, []),
  }))
}

function answerWith(
  c: AssetContext,
  path: string,
  render: (asset: Asset, origin: string) => RenderedPage,
): Promise<Response> {
  const { asset_id: assetId } = c.req.valid('param')
  const { origin } = c.get('url')
  return answerFrom(c, {
    canonicalPath: `/asset/${assetId}${path}`,
    read: (settings) => readAsset(settings, assetId),
    render({ asset }) {
      if (!asset) throw notFound(`Could not find requested asset ${assetId}`)
      return render(asset, origin)
    },
  })
}
