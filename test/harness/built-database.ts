/** A database with a Neon endpoint for tests of the built Worker. */

import pg from 'pg'
import { type FaultyNeon, serveFaultyNeon } from '../../tools/neon-local/faulty-neon.ts'
import { serveNeonLocal } from '../../tools/neon-local/neon-local.ts'
import { servePreparedPglite } from './prepared-database.ts'

/** All columns of an asset. */
export type StoredAsset = {
  asset_id: string
  dataset: string
  version: string
  asset_type: string
  asset_uri: string
  status: string
  is_managed: boolean
  is_default: boolean
  is_downloadable: boolean
  metadata: unknown
  created_on: string
  updated_on: string
}

export interface BuiltDatabase {
  /** URL of Postgres, for the owner. */
  url: string
  /** The `DATABASE_URL` of the Worker, with its read-only role. */
  connectionString: string
  /** Another way there, which can fail on demand. */
  neon: FaultyNeon
  /** Runs a statement as the owner. */
  query(text: string, params?: unknown[]): Promise<Record<string, unknown>[]>
  /** Adds assets and their versions. */
  insertAssets(assets: StoredAsset[]): Promise<void>
  close(): Promise<void>
}

export async function startBuiltDatabase(): Promise<BuiltDatabase> {
  await using starting = new AsyncDisposableStack()
  const postgres = await servePreparedPglite('migrated')
  starting.defer(() => postgres.close())
  const endpoint = await serveNeonLocal({ databaseUrl: postgres.url, role: 'worker' })
  starting.defer(() => endpoint.close())
  const neon = await serveFaultyNeon({ endpoint: endpoint.connectionString })
  starting.defer(() => neon.close())
  const pool = new pg.Pool({ connectionString: postgres.url, max: 1 })
  starting.defer(() => pool.end())
  const started = starting.move()

  async function query(text: string, params?: unknown[]): Promise<Record<string, unknown>[]> {
    return (await pool.query(text, params)).rows
  }

  return {
    url: postgres.url,
    connectionString: endpoint.connectionString,
    neon,
    query,
    async insertAssets(assets) {
      const rows = JSON.stringify(assets)
      await query(
        `insert into versions (dataset, version)
         select distinct dataset, version
         from jsonb_to_recordset($1::jsonb) as item(dataset text, version text)
         on conflict do nothing`,
        [rows],
      )
      const columns = Object.keys(assets[0] ?? {})
      await query(
        `insert into assets (${columns}) select ${columns}
         from jsonb_populate_recordset(null::assets, $1::jsonb)`,
        [rows],
      )
    },
    close: () => started.disposeAsync(),
  }
}
