/** A connection of a tool to any Postgres: Neon's, another, or PGlite behind its server. */

import pg from 'pg'

/** Longer than a Neon compute needs to wake up. */
const CONNECT_TIMEOUT_MS = 15_000

/** Connects, and ends the connection whatever `use` does: what it did not commit is rolled back. */
export async function withClient<T>(
  databaseUrl: string,
  use: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  })
  // A connection that breaks fails the query in progress; without a listener it ends the process.
  client.on('error', () => {})
  try {
    await client.connect()
    return await use(client)
  } finally {
    await client.end()
  }
}
