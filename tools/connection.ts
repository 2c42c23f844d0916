/** Connections of the tools to Postgres. */

import pg from 'pg'

/** Longer than a Neon compute takes to wake up. */
const CONNECT_TIMEOUT_MS = 15_000

/** Connects, calls `use` and disconnects, which rolls back anything uncommitted. */
export async function withClient<T>(
  databaseUrl: string,
  use: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  })
  // A broken connection also rejects the current query; an unhandled event would end the process.
  client.on('error', () => {})
  try {
    await client.connect()
    return await use(client)
  } finally {
    await client.end()
  }
}
