/** docs/migrating-from-gfw.md, line by line: sends its requests, and checks what it says of them. */

import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ShippedCatalog, startShippedCatalog } from '../../harness/shipped-catalog.ts'

type Item = {
  created_on: string
  updated_on: string
  asset_id: string
  dataset: string
  version: string
  asset_type: string
  metadata: Record<string, unknown>
}
type Page = {
  data: Item[]
  status: string
  links: Record<'self' | 'first' | 'last' | 'prev' | 'next', string>
  meta: Record<'size' | 'total_items' | 'total_pages', string>
}
type Sent = { path: string; status: number; headers: Headers; body: unknown }
/** The answers to GFW's request and to ours, from this API. */
type Row = { gfw: Sent; here: Sent }

const guide = readFileSync('docs/migrating-from-gfw.md', 'utf8')

let catalog: ShippedCatalog
beforeAll(async () => {
  catalog = await startShippedCatalog()
})
afterAll(() => catalog[Symbol.asyncDispose]())

/** The cells of the table whose header begins so. */
function tableOf(header: string): string[][] {
  const [, table = ''] = guide.split(`| ${header} |`)
  const [rows = ''] = table.split('\n\n')
  return rows
    .trimEnd()
    .split('\n')
    .slice(2)
    .map((row) =>
      row
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
}

/** The path and query in the code span of a cell. */
function pathIn(cell: string): string {
  const [, path] = /`GET ([^`]+)`/.exec(cell) ?? []
  if (path === undefined) throw new Error(`no request: ${cell}`)
  return path
}

/** Redirects are not followed. */
async function send(path: string, token = catalog.token): Promise<Sent> {
  const response = await fetch(new URL(path, catalog.origin), {
    headers: { 'x-api-key': 'a key of GFW', ...(token && { Authorization: `Bearer ${token}` }) },
    redirect: 'manual',
  })
  const { status, headers } = response
  return { path, status, headers, body: await response.json() }
}

/** Boundary: the checks below fail for a body of another form. */
const pageOf = ({ body }: Sent) => body as Page
const dataOf = ({ body }: Sent) => (body as { data: unknown }).data
const keysOf = (value: unknown) => Object.keys(Array.isArray(value) ? value[0] : Object(value))
const itemsOf = (sent: Sent) => [dataOf(sent)].flat() as Item[]

/** Every statement of the table's last column, and its check. */
const CHANGES: Record<string, (row: Row) => unknown> = {
  '25 items per page'({ here }) {
    const { data, meta } = pageOf(here)
    expect(meta.size).toBe('25')
    expect(data).toHaveLength(Math.min(25, Number(meta.total_items)))
  },
  async 'at most 1,000 items per page'({ here }) {
    const { data, meta } = pageOf(here)
    expect(meta.size).toBe('1000')
    expect(data).toHaveLength(Number(meta.total_items))
    expect(data.length).toBeGreaterThan(25)
    expect((await send(here.path.replace('=1000', '=1001'))).status).toBe(422)
  },
  '`links` and `meta` are always there'({ here }) {
    expect(keysOf(here.body)).toEqual(['data', 'status', 'links', 'meta'])
  },
  'counts in `meta` are strings'({ here }) {
    expect(pageOf(here).meta).toEqual({ size: '10', total_items: '19', total_pages: '2' })
  },
  '`links` keep the filters'({ here }) {
    const { self, first, last, prev, next } = pageOf(here).links
    const filters = `${catalog.origin}/assets?dataset=umd_tree_cover_loss&version=v1.12&`
    const page = (number: number) => `${filters}page[number]=${number}&page[size]=10`
    expect([self, first, last, prev, next]).toEqual([page(2), page(1), page(2), page(1), ''])
  },
  'times end in `Z`'({ here }) {
    const times = itemsOf(here).flatMap((item) => [item.created_on, item.updated_on])
    expect(times.length).toBeGreaterThan(0)
    expect(times.filter((time) => !/^[\d-]{10}T[\d:.]+Z$/.test(time))).toEqual([])
  },
  'no 500'({ here }) {
    expect(new Set(pageOf(here).data.map(({ asset_type }) => asset_type))).toEqual(new Set(['COG']))
  },
  '`resolution` is the recorded number'({ here }) {
    expect(pageOf(here).data.map(({ metadata }) => metadata.resolution)).toEqual([30])
  },
  'a 200 with every version, no 400'({ here }) {
    expect(here.status).toBe(200)
    const versions = new Set(pageOf(here).data.map(({ version }) => version))
    expect(versions.size).toBeGreaterThan(1)
  },
  'the versions flagged latest, not an empty list'({ here }) {
    expect(new Set(pageOf(here).data.map(({ version }) => version))).toEqual(new Set(['v1.13']))
  },
  'no redirect'({ here }) {
    expect(here.status).toBe(200)
  },
  '`dataset`, `version`, `is_latest` and `assets` alone'({ here }) {
    expect(keysOf(dataOf(here))).toEqual(['dataset', 'version', 'is_latest', 'assets'])
  },
  '`dataset`, `versions` and `latest` alone'({ here }) {
    expect(keysOf(dataOf(here))).toEqual(['dataset', 'versions', 'latest'])
  },
  'in `data.metadata`'({ gfw, here }) {
    expect(gfw.status).toBe(404)
    expect(itemsOf(here).map(({ metadata }) => Object.keys(metadata))).toEqual([
      ['tags', 'min_zoom', 'max_zoom', 'fields', 'id'],
    ])
  },
  'in `data.metadata.fields`'({ gfw, here }) {
    expect(gfw.status).toBe(404)
    expect(itemsOf(here).map(({ metadata }) => metadata.fields)).toMatchObject([
      [{ name: 'name' }, { name: 'group_comp' }, { name: 'country' }, { name: 'area_ha' }],
    ])
  },
  'a 404'({ gfw }) {
    expect([gfw.status, gfw.body]).toEqual([404, { detail: 'Not Found' }])
  },
  'the header `Ignored-Parameters` names what has no effect'({ gfw, here }) {
    expect([gfw, here].map(({ headers }) => headers.get('Ignored-Parameters'))).toEqual([
      'page, limit',
      null,
    ])
    expect(pageOf(here).data).toEqual(pageOf(gfw).data.slice(5, 10))
  },
}

const requests = tableOf("GFW's request").map(([gfw = '', here = '', changes = '']) => ({
  gfw,
  here: here === 'the same' || here === 'nothing' ? gfw : here,
  isServed: here !== 'nothing',
  changes: changes.split('; '),
}))

describe('each request of the table', () => {
  it.each(requests)('$gfw changes as it says', async ({ gfw, here, isServed, changes }) => {
    const row = { gfw: await send(pathIn(gfw)), here: await send(pathIn(here)) }
    expect(row.here.status).toBe(isServed ? 200 : 404)
    for (const change of changes) {
      const check = CHANGES[change]
      if (!check) throw new Error(`no check of: ${change}`)
      await check(row)
    }
  })

  it('says nothing that is not checked, and every check is of a statement', () => {
    const said = new Set(requests.flatMap(({ changes }) => changes))
    expect([...said].toSorted()).toEqual(Object.keys(CHANGES).toSorted())
  })
})

describe('each error of the table', () => {
  it.each(
    tableOf('request').map(([request = '', status = '', detail = '']) => ({
      request,
      status: Number(status),
      shown: detail.slice(1, -1),
    })),
  )('$request is $status', async ({ request, status, shown }) => {
    const token = request.endsWith('without a token') ? '' : catalog.token
    const answer = await send(pathIn(request), token)
    const [text, fault] = shown.split(/^(?:query|path) [^:]+: /).toReversed()
    const [place, name] = shown.split(/[ :]/)
    const faults = [expect.objectContaining({ loc: [place, name], msg: text })]
    const detail = fault === undefined ? shown : faults
    expect([answer.status, answer.body]).toEqual([status, { detail }])
  })
})
