/** The Worker: middleware in the order a request meets it, routes, errors. */

import { Hono } from 'hono'
import { cors } from 'hono/cors'
import { requestId } from 'hono/request-id'
import { secureHeaders } from 'hono/secure-headers'
import { timing } from 'hono/timing'
import { getAsset, getTileJson } from './asset.ts'
import { listAssets } from './assets.ts'
import { bearerToken } from './auth.ts'
import { listDatasets } from './datasets.ts'
import { methodNotAllowed, notFound, onError } from './errors.ts'
import { livez, readyz } from './health.ts'
import { describeApi } from './openapi.ts'
import { docs, explorer } from './pages.ts'
import { rateLimit } from './rate-limit.ts'
import { type RequestFacts, requestLog } from './request-log.ts'
import { requestUrl } from './request-url.ts'

const app = new Hono<{
  Bindings: Env
  Variables: { requestId: string; facts: RequestFacts; url: URL }
}>()

app.use(requestId())
app.use(requestLog())
app.use(
  cors({
    origin: '*',
    allowMethods: ['GET', 'HEAD', 'OPTIONS'],
    allowHeaders: ['Authorization', 'If-None-Match'],
    exposeHeaders: [
      'ETag',
      'Age',
      'Link',
      'Retry-After',
      'Cache-Status',
      'Server-Timing',
      'X-Request-Id',
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
app.use(requestUrl())

app.get('/', explorer)
app.get('/docs', docs)
app.get('/livez', livez)
app.get('/readyz', readyz)
app.get('/openapi.json', describeApi)

const catalogue = [timing({ total: false, crossOrigin: true }), bearerToken(), rateLimit()] as const
app.get('/assets', ...catalogue, listAssets)
app.get('/asset/:asset_id', ...catalogue, getAsset)
app.get('/asset/:asset_id/tilejson.json', ...catalogue, getTileJson)
app.get('/datasets', ...catalogue, listDatasets)

for (const path of new Set(
  app.routes.flatMap(({ method, path }) => (method === 'GET' ? path : [])),
)) {
  app.all(path, () => {
    throw methodNotAllowed()
  })
}
app.all('/assets/', (c) => c.redirect(`/assets${c.get('url').search}`, 308))

app.notFound(() => {
  throw notFound()
})
app.onError(onError)

export default app
