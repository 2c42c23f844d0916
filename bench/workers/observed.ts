/**
 * The app, with its clock set by requests and its looks into the cache counted. It answers one
 * request at a time exactly as the app does.
 *
 * `Bench-Clock` sets the time, in milliseconds since the epoch. The answer's `Bench-Cache-Looks` is
 * the number of looks since the request came: those before the first database call, if there is one.
 */

import app from '../../src/index.ts'

const systemTime = Date.now.bind(Date)
const matchInCache = Cache.prototype.match
const fetchFromNetwork = globalThis.fetch

let now: number | undefined
let looks = 0
let looksBeforeCall: number | undefined

Date.now = () => now ?? systemTime()

Cache.prototype.match = function (...parameters) {
  looks++
  return matchInCache.apply(this, parameters)
}

globalThis.fetch = (...parameters: Parameters<typeof fetch>) => {
  looksBeforeCall ??= looks
  return fetchFromNetwork(...parameters)
}

export default {
  async fetch(request, env, context): Promise<Response> {
    const clock = request.headers.get('Bench-Clock')
    // Concurrent requests may arrive in another order than that of their times.
    if (clock) now = Math.max(now ?? 0, Number(clock))
    looks = 0
    looksBeforeCall = undefined
    const answer = await app.fetch(request, env, context)
    const headers = new Headers(answer.headers)
    headers.set('Bench-Cache-Looks', `${looksBeforeCall ?? looks}`)
    return new Response(answer.body, { status: answer.status, headers })
  },
} satisfies ExportedHandler<Env>
