/** The Worker: middleware in the order in which it runs, routes, errors. */

import { type Context, Hono } from 'hono'
import { cors } from 'hono/cors'
import { requestId } from 'hono/request-id'
import { secureHeaders } from 'hono/secure-headers'
import { timing } from 'hono/timing'
import { assetPathSchema, datasetPathSchema, versionPathSchema } from './api/path.ts'
import {
  assetQuerySchema,
  datasetQuerySchema,
  tileCacheQuerySchema,
  versionAssetQuerySchema,
} from './api/query.ts'
import { methodNotAllowed, notFound, onError } from './errors.ts'
import type { RequestLogFields } from './log.ts'
import { bearerToken } from './middleware/auth.ts'
import { dateOnLoopback } from './middleware/date.ts'
import { requireHttps } from './middleware/https.ts'
import { rateLimit } from './middleware/rate-limit.ts'
import { requestLog } from './middleware/request-log.ts'
import { requestUrl } from './middleware/request-url.ts'
import { thrownValue } from './middleware/thrown-value.ts'
import { validPath, validPathAndQuery, validQuery } from './middleware/valid-request.ts'
import { getAsset, getTileJson } from './routes/asset.ts'
import { listAssets, listVersionAssets } from './routes/assets.ts'
import { getDataset, getVersion, getVersionTileJson } from './routes/dataset.ts'
import { listDatasets } from './routes/datasets.ts'
import { livez, readyz } from './routes/health.ts'
import { describeApi } from './routes/openapi.ts'
import { docs, explorer } from './routes/site.ts'

type AppEnv = {
  Bindings: Env
  Variables: { requestId: string; logFields: RequestLogFields; subject: string; url: URL }
}

const app = new Hono<AppEnv>()

app.use(requestId())
app.use(requestLog())
app.use(
  cors({
    origin: '*',
    allowMethods: ['GET', 'HEAD'],
    // Without `allowHeaders`, all request headers are allowed, such as those of monitoring.
    exposeHeaders: [
      'ETag',
      'Age',
      'Link',
      'Retry-After',
      'Cache-Status',
      'Server-Timing',
      'X-Request-Id',
      'WWW-Authenticate',
      'Ignored-Parameters',
    ],
    maxAge: 86400,
  }),
)
app.use(
  secureHeaders({
    crossOriginResourcePolicy: 'cross-origin',
    crossOriginOpenerPolicy: false,
    originAgentCluster: false,
    xDnsPrefetchControl: false,
    xDownloadOptions: false,
    xPermittedCrossDomainPolicies: false,
    xXssProtection: false,
  }),
)
app.use(thrownValue())
app.use(requestUrl())
app.use(dateOnLoopback())
app.use(requireHttps(['/', '/docs', '/docs/']))

app.get('/', explorer)
app.get('/docs', docs)
app.get('/livez', livez)
app.get('/readyz', readyz)
app.get('/openapi.json', describeApi)

const catalog = [timing({ total: false, crossOrigin: true }), bearerToken(), rateLimit()] as const
app.get('/assets', ...catalog, validQuery(assetQuerySchema), listAssets)
app.get('/asset/:asset_id', ...catalog, validPath(assetPathSchema), getAsset)
app.get('/asset/:asset_id/tilejson.json', ...catalog, validPath(assetPathSchema), getTileJson)
app.get('/datasets', ...catalog, validQuery(datasetQuerySchema), listDatasets)
app.get('/dataset/:dataset', ...catalog, validPath(datasetPathSchema), getDataset)
app.get('/dataset/:dataset/:version', ...catalog, validPath(versionPathSchema), getVersion)
app.get(
  '/dataset/:dataset/:version/assets',
  ...catalog,
  validPathAndQuery(versionPathSchema, versionAssetQuerySchema),
  listVersionAssets,
)
app.get(
  '/dataset/:dataset/:version/tilejson.json',
  ...catalog,
  validPathAndQuery(versionPathSchema, tileCacheQuerySchema),
  getVersionTileJson,
)

// Not `hono/method-not-allowed`: no route would match, so that the log could not name it. Not
// `hono/trailing-slash`: it answers 301, to GET alone, with the host that the request names.
for (const path of new Set(
  app.routes.flatMap(({ method, path }) => (method === 'GET' ? path : [])),
)) {
  app.all(path, () => {
    throw methodNotAllowed()
  })
  if (path !== '/') app.all(`${path}/`, redirectWithoutSlash)
}

app.notFound(() => {
  throw notFound()
})
app.onError(onError)

/** The location is relative: a `Host` header cannot send the client elsewhere. */
function redirectWithoutSlash(c: Context<AppEnv>): Response {
  const { pathname, search } = c.get('url')
  return c.redirect(`${pathname.slice(0, -1)}${search}`, 308)
}

export default app
