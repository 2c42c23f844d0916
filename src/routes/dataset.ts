/** `GET /dataset/{dataset}`, `GET /dataset/{dataset}/{version}` and the TileJSON of a version. */

import { canonicalSearch, linkHeader } from '../api/links.ts'
import { loggedQuery } from '../api/logged-query.ts'
import type { datasetPathSchema, VersionPath, versionPathSchema } from '../api/path.ts'
import type { tileCacheQuerySchema } from '../api/query.ts'
import type { Asset } from '../api/resource.ts'
import { tileJsonLinks, toTileJson } from '../api/tile-json.ts'
import { answerFrom, type CatalogContext } from '../cache/cached-answer.ts'
import { readDataset } from '../db/datasets.ts'
import { MAX_CANDIDATES, MAX_VERSION_ASSETS, readTileCaches, readVersion } from '../db/versions.ts'
import {
  type ApiError,
  conflict,
  datasetNotFound,
  invalidRequest,
  notFound,
  versionNotFound,
} from '../errors.ts'
import type { ValidPath, ValidQuery } from '../middleware/valid-request.ts'

/** @throws {ApiError} 404; 503 as `answerFrom` */
export function getDataset(
  c: CatalogContext<ValidPath<typeof datasetPathSchema>>,
): Promise<Response> {
  const { dataset: name } = c.req.valid('param')
  const { origin } = c.get('url')
  return answerFrom(c, {
    canonicalPath: `/dataset/${name}`,
    scope: name,
    read: (settings) => readDataset(settings, name),
    render({ dataset }) {
      if (!dataset) throw datasetNotFound(name)
      return { json: { data: dataset, status: 'success' }, link: linkHeader(origin, []) }
    },
  })
}

/**
 * The version with the types and URIs of all its assets.
 *
 * @throws {ApiError} 404; 422 if it has more than 10,000 assets, or the body is over 6 MiB; 503 as
 *   `answerFrom`
 */
export function getVersion(
  c: CatalogContext<ValidPath<typeof versionPathSchema>>,
): Promise<Response> {
  const path = c.req.valid('param')
  const { origin } = c.get('url')
  return answerFrom(c, {
    canonicalPath: `/dataset/${path.dataset}/${path.version}`,
    scope: path.dataset,
    read: (settings) => readVersion(settings, path),
    render({ missing, version }) {
      if (missing) throw versionNotFound(missing, path)
      if (version.assets.length > MAX_VERSION_ASSETS) throw tooManyAssets(path)
      return { json: { data: version, status: 'success' }, link: linkHeader(origin, []) }
    },
    tooLarge: async () => tooManyAssets(path),
  })
}

/**
 * The TileJSON of the one saved tile cache of the version that the query leaves.
 *
 * @throws {ApiError} 404 if there is none; 409 if there are several, with a `Link` to each; 503 as
 *   `answerFrom`
 */
export function getVersionTileJson(
  c: CatalogContext<ValidPath<typeof versionPathSchema> & ValidQuery<typeof tileCacheQuerySchema>>,
): Promise<Response> {
  const path = c.req.valid('param')
  const query = c.req.valid('query')
  c.get('logFields').query = loggedQuery(query)
  const { origin } = c.get('url')
  const search = canonicalSearch(query)
  return answerFrom(c, {
    canonicalPath: `/dataset/${path.dataset}/${path.version}/tilejson.json${search}`,
    scope: path.dataset,
    read: (settings) => readTileCaches(settings, path, query),
    render({ missing, tileCaches }) {
      if (missing) throw versionNotFound(missing, path)
      const [tileCache, ...others] = tileCaches
      if (!tileCache) throw notFound(`No tiles: ${noTileCache(path, search)}`)
      if (others.length > 0) throw ambiguous(tileCaches, origin)
      return { json: toTileJson(tileCache), link: linkHeader(origin, []) }
    },
  })
}

function noTileCache({ dataset, version }: VersionPath, search: string): string {
  const matching = search === '' ? '' : ' that matches the query'
  return `${dataset}.${version} has no saved tile cache${matching}`
}

/** Names the tile caches by what selects one of them. */
function ambiguous(tileCaches: Asset[], origin: string): ApiError {
  const named = tileCaches
    .slice(0, MAX_CANDIDATES)
    .map(({ asset_type: type, asset_uri: uri }) => `${type} ${uri}`)
  const count = tileCaches.length > MAX_CANDIDATES ? `More than ${MAX_CANDIDATES}` : named.length
  return conflict(
    `${count} tile caches match, ask for one by asset_type, is_default or asset_uri: ${named.join(', ')}`,
    linkHeader(origin, tileJsonLinks(tileCaches)),
  )
}

function tooManyAssets({ dataset, version }: VersionPath): ApiError {
  const listing = `/dataset/${dataset}/${version}/assets`
  const msg = `The version has too many assets for one answer; ask for pages of ${listing}`
  return invalidRequest([{ loc: ['path', 'version'], msg, type: 'value_error.version_bytes' }])
}
