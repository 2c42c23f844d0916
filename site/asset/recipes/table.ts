/** Tables: SQL, and the paths of GFW's API that run it. */

import type { Asset, MetadataField } from '../../../packages/client/src/client.ts'
import type { Recipe } from './recipe.ts'

const GFW_API = 'https://data-api.globalforestwatch.org'
const MAX_COLUMNS = 5
const ROWS = 10

/** GFW's geometry columns: too large for a look at a table. */
const GEOMETRIES = ['geom', 'geom_wm', 'gfw_geojson', 'gfw_bbox']

const KEY_NOTE =
  'GFW_API_KEY holds a key of GFW’s API, which is free: without one, GFW answers 403.'

export function tableRecipes(asset: Asset): Recipe[] {
  const sql = sampleSql(asset)
  const json = queryUrl(asset, 'query/json')
  return [
    {
      id: 'sql',
      label: 'SQL',
      blocks: [
        {
          label: 'SQL',
          text: sql,
          note: 'GFW runs one SELECT, without joins, subqueries or WITH. The table is always named “data”.',
        },
        {
          label: 'Query URL, JSON',
          text: `${json}?${new URLSearchParams({ sql })}`,
          note: 'Send a key of GFW’s API in the header “x-api-key”.',
        },
        {
          label: 'Query URL, CSV',
          text: csvUrl(asset, sql),
          note: 'Needs no key: a browser downloads the rows.',
        },
      ],
    },
    {
      id: 'curl',
      label: 'curl',
      blocks: [
        { label: 'JSON', text: curl(json, sql, '-H "x-api-key: $GFW_API_KEY" '), note: KEY_NOTE },
        { label: 'CSV', text: `${curl(queryUrl(asset, 'download/csv'), sql)} > rows.csv` },
      ],
    },
    {
      id: 'python',
      label: 'Python',
      blocks: [{ label: 'Python', text: python(json, sql), note: KEY_NOTE }],
    },
  ]
}

/** The URL from which a browser downloads a few rows. */
export function sampleCsvUrl(asset: Asset): string {
  return csvUrl(asset, sampleSql(asset))
}

function csvUrl(asset: Asset, sql: string): string {
  return `${queryUrl(asset, 'download/csv')}?${new URLSearchParams({ sql })}`
}

function queryUrl({ dataset, version }: Asset, path: string): string {
  return `${GFW_API}/dataset/${dataset}/${version}/${path}`
}

function sampleSql({ metadata }: Asset): string {
  const fields = 'fields' in metadata ? (metadata.fields ?? []) : []
  const columns = fields
    .filter((field) => field !== null)
    .filter((field) => !isGeometry(field))
    .flatMap(({ name }) => name ?? [])
    .slice(0, MAX_COLUMNS)
  // Quoted, because Postgres would take `Area` for `area`, and `order` for a keyword.
  const list = columns.map((name) => `"${name.replaceAll('"', '""')}"`).join(', ')
  return `SELECT ${list || '*'} FROM data LIMIT ${ROWS}`
}

function isGeometry({ name, data_type: type }: MetadataField): boolean {
  return type === 'geometry' || GEOMETRIES.includes(name ?? '')
}

function curl(url: string, sql: string, header = ''): string {
  return `curl -sG ${header}'${url}' \\\n  --data-urlencode 'sql=${sql.replaceAll("'", "'\\''")}'`
}

function python(url: string, sql: string): string {
  return `import os

import requests

answer = requests.get(
    "${url}",
    params={"sql": ${JSON.stringify(sql)}},
    headers={"x-api-key": os.environ["GFW_API_KEY"]},
    timeout=60,
)
answer.raise_for_status()
for row in answer.json()["data"]:
    print(row)`
}
