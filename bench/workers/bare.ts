/**
 * The baseline for warm pages: PUT stores a response, GET returns it with one `caches.default.match`.
 * HEAD answers without a lookup.
 */

export default {
  async fetch(request): Promise<Response> {
    if (request.method === 'PUT') {
      const headers = new Headers(request.headers)
      await caches.default.put('http://bench/page', new Response(request.body, { headers }))
      return new Response(null, { status: 204 })
    }
    if (request.method === 'HEAD') return new Response(null, { status: 404 })
    const stored = await caches.default.match('http://bench/page')
    return stored ?? new Response('nothing is stored', { status: 404 })
  },
} satisfies ExportedHandler
