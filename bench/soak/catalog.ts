/** A catalog whose pages reveal the changes that produced them. */

import pg from 'pg'
import { createCatalog } from '../catalog.ts'
import { CatalogModel, type ModelAsset, type State } from './model.ts'

const ASSETS = 512
/** One change in this many concerns every dataset. */
const CHANGES_PER_FULL_CHANGE = 10
/** One change in this many moves the flag of a dataset's latest version. */
const CHANGES_PER_NEW_LATEST = 4

/** Times before and after the commit, in milliseconds since the epoch. Change 0 creates the catalog. */
export type Change = { startedAt: number; committedAt: number }

export interface SoakCatalog {
  /** Indexed by number. */
  changes: Change[]
  model: CatalogModel
  /**
   * Applies the next change in one transaction: in a random dataset, sets the only tag of each asset
   * to the change's number, and inserts or deletes an asset.
   */
  change(): Promise<void>
  ping(): Promise<unknown>
  close(): Promise<void>
}

/** Creates the catalog in an empty database. */
export async function openSoakCatalog(url: string): Promise<SoakCatalog> {
  await createCatalog(url, ASSETS)
  const database = new pg.Client(url)
  await database.connect()
  // The benchmark's ids are MD5 hashes, which are not valid UUIDs (RFC 9562) for the API's schema.
  await database.query(
    `update assets set asset_id = gen_random_uuid(),
       metadata = jsonb_set(jsonb_set(metadata, '{id}', to_jsonb(gen_random_uuid())), '{tags}', '["0"]')`,
  )
  const { rows } = await database.query<ModelAsset>(
    `select asset_id, dataset, version, asset_type, asset_uri, status, is_latest, is_default, 0 as tag
     from assets order by created_on, asset_id`,
  )
  const model = new CatalogModel()
  model.states.push(rows)
  const createdAt = Date.now()
  const changes: Change[] = [{ startedAt: createdAt, committedAt: createdAt }]
  async function change() {
    const startedAt = Date.now()
    await database.query('begin')
    // Its pages can be read before the commit is acknowledged.
    model.states.push(await applyChange(database, model.states.at(-1) ?? [], changes.length))
    await database.query('commit')
    changes.push({ startedAt, committedAt: Date.now() })
  }
  // A separate connection, because the other one is busy during a change.
  const pinging = new pg.Client(url)
  await pinging.connect()
  return {
    changes,
    model,
    change,
    ping: () => pinging.query('select 1'),
    async close() {
      await Promise.all([database.end(), pinging.end()])
    },
  }
}

async function applyChange(database: pg.Client, state: State, number: number): Promise<State> {
  const datasets = [...new Set(state.map(({ dataset }) => dataset))]
  const dataset = datasets[Math.floor(Math.random() * datasets.length)] ?? ''
  const isFull = number % CHANGES_PER_FULL_CHANGE === 0
  await database.query(
    `update assets set updated_on = clock_timestamp(),
       metadata = jsonb_set(metadata, '{tags}', jsonb_build_array($1::text))
     where $2 or dataset = $3`,
    [`${number}`, isFull, dataset],
  )
  const tagged = state.map((asset) =>
    isFull || asset.dataset === dataset ? { ...asset, tag: number } : asset,
  )
  const moved =
    number % CHANGES_PER_NEW_LATEST === 0 ? await moveLatest(database, tagged, dataset) : tagged
  return number % 2 === 0
    ? await deleteAsset(database, moved, dataset)
    : await insertAsset(database, moved, { dataset, number })
}

/** Flags the version of the dataset's first asset that is not of the latest version. */
async function moveLatest(database: pg.Client, state: State, dataset: string): Promise<State> {
  const next = state.find((asset) => asset.dataset === dataset && !asset.is_latest)
  if (!next) return state
  await database.query('update versions set is_latest = false where dataset = $1 and is_latest', [
    dataset,
  ])
  await database.query('update versions set is_latest = true where dataset = $1 and version = $2', [
    dataset,
    next.version,
  ])
  return state.map((asset) =>
    asset.dataset === dataset ? { ...asset, is_latest: asset.version === next.version } : asset,
  )
}

/** Deletes the newest asset of a dataset, unless it is the only one. */
async function deleteAsset(database: pg.Client, state: State, dataset: string): Promise<State> {
  const [oldest, ...others] = state.filter((asset) => asset.dataset === dataset)
  const newest = others.at(-1)
  if (!oldest || !newest) return state
  await database.query('delete from assets where asset_id = $1', [newest.asset_id])
  return state.filter((asset) => asset !== newest)
}

/** Inserts an asset, which is the newest, into a version of the dataset. */
async function insertAsset(
  database: pg.Client,
  state: State,
  { dataset, number }: { dataset: string; number: number },
): Promise<State> {
  const sibling = state.find((asset) => asset.dataset === dataset)
  if (!sibling) return state
  const asset: ModelAsset = {
    ...sibling,
    asset_id: crypto.randomUUID(),
    asset_type: 'csv',
    asset_uri: `https://example.org/soak/${number}`,
    status: number % 3 === 0 ? 'failed' : 'pending',
    is_default: false,
    tag: number,
  }
  await database.query(
    `insert into assets (asset_id, dataset, version, asset_type, asset_uri, status, metadata)
     values ($1, $2, $3, $4, $5, $6, jsonb_build_object('tags', jsonb_build_array($7::text)))`,
    [
      asset.asset_id,
      dataset,
      asset.version,
      asset.asset_type,
      asset.asset_uri,
      asset.status,
      `${number}`,
    ],
  )
  return [...state, asset]
}
