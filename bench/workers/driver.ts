/** The baseline for cold pages: sends the statement in the request's body with Neon's driver. */

import { neon, neonConfig } from '@neondatabase/serverless'

neonConfig.fetchEndpoint = (host, port) => `http://${host}:${port}/sql`

export default {
  async fetch(request, env): Promise<Response> {
    const { query, params } = await request.json<{ query: string; params: unknown[] }>()
    return Response.json(await neon(env.DATABASE_URL).query(query, params))
  },
} satisfies ExportedHandler<{ DATABASE_URL: string }>
