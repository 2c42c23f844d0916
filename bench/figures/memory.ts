/** The growth of workerd's memory for the largest pages. An isolate on Workers has 128 MB. */

import pg from 'pg'
import type { Client } from '../client.ts'
import type { Environment } from '../environment.ts'
import { type Group, type Runs, repeat } from '../figure.ts'

const RUNS = 3
const DATASET = 'bench_memory'

/** Count, type and metadata. There are more assets than a page's limits (6 MiB, Neon's 10 MiB) allow. */
const PAGES = {
  fields: [300, 'csv', fieldsOf(`repeat('What the field records. ', 4)`)],
  /** V8 stores a string in two bytes per character if one of them is outside Latin-1. */
  wide: [300, 'csv', fieldsOf(`repeat('What the field records. ', 4) || '√'`)],
  /** Empty objects take the most memory per byte of JSON. */
  objects: [
    10,
    'COG',
    `jsonb_build_object('bands', jsonb_build_array(jsonb_build_object('statistics',
      jsonb_build_object('', (select jsonb_agg('{}'::jsonb) from generate_series(1, 250000))))))`,
  ],
} as const

export const memory: Group = async (environment) => {
  const runs: Runs = {}
  const { url } = await environment.database('10k')
  const client = new pg.Client(url)
  await client.connect()
  try {
    await clear(client)
    await client.query(`insert into versions (dataset, version) values ('${DATASET}', 'v1')`)
    for (const [name, [count, type, metadata]] of Object.entries(PAGES)) {
      await client.query(
        `insert into assets (dataset, version, asset_type, asset_uri, metadata)
         select '${DATASET}', 'v1', '${type}', '${DATASET}/' || n, ${metadata}
         from generate_series(1, ${count}) n`,
      )
      const size = await largestSize(environment, count)
      const key = `memory.peak_mib.${name}`
      Object.assign(
        runs,
        await repeat(RUNS, async () => ({ [key]: await peak(environment, size) }), 0),
      )
      await client.query(`delete from assets where dataset = '${DATASET}'`)
    }
  } finally {
    await clear(client)
    await client.end()
  }
  return runs
}

async function clear(client: pg.Client): Promise<void> {
  await client.query(`delete from assets where dataset = '${DATASET}'`)
  await client.query(`delete from versions where dataset = '${DATASET}'`)
}

/** MiB by which workerd's resident memory grows while it reads the page. */
async function peak(environment: Environment, size: number): Promise<number> {
  const app = await environment.start('app', '10k')
  try {
    await app.client.get('/assets?page[size]=1')
    const { resident } = await app.memoryMib()
    await app.client.get(page(size))
    return (await app.memoryMib()).peak - resident
  } finally {
    await app.close()
  }
}

async function largestSize(environment: Environment, count: number): Promise<number> {
  const app = await environment.start('app', '10k')
  try {
    let [works, fails] = [1, count]
    while (fails - works > 1) {
      const size = Math.floor((works + fails) / 2)
      if (await isAnswered(app.client, size)) works = size
      else fails = size
    }
    return works
  } finally {
    await app.close()
  }
}

async function isAnswered(client: Client, size: number): Promise<boolean> {
  const { status, body } = await client.send(page(size))
  if (status !== 200 && !body.includes('value_error.page_bytes')) throw new Error(body)
  return status === 200
}

function page(size: number): string {
  return `/assets?dataset=${DATASET}&page[size]=${size}`
}

/** 100 fields. */
function fieldsOf(description: string): string {
  return `jsonb_build_object('tags', null, 'id', null, 'fields', (
    select jsonb_agg(jsonb_build_object('name', 'field_' || n, 'alias', 'Field number ' || n,
      'description', ${description}, 'data_type', 'text', 'unit', null, 'is_feature_info', true,
      'is_filter', true)) from generate_series(1, 100) n))`
}
