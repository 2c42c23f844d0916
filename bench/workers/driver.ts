/** The floor of a cold page: the statements in the request's body, by the driver, as one batch. */

import { neon, neonConfig } from '@neondatabase/serverless'

type Batch = { queries: { query: string; params: unknown[] }[] }

neonConfig.fetchEndpoint = (host, port) => `http://${host}:${port}/sql`

export default {
  async fetch(request, env): Promise<Response> {
    const { queries } = await request.json<Batch>()
    const client = neon(env.DATABASE_URL, {
      arrayMode: true,
      fullResults: true,
      isolationLevel: 'RepeatableRead',
      readOnly: true,
    })
    const results = await client.transaction(
      queries.map(({ query, params }) => client.query(query, params)),
    )
    return Response.json(results.map(({ rows }) => rows))
  },
} satisfies ExportedHandler<Env>
