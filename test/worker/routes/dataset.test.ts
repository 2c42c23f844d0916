import { beforeAll, describe, expect, it, vi } from 'vitest'
import { newHost, query, resetCatalog, startIsolate } from '../../harness/worker.ts'

beforeAll(async () => {
  await resetCatalog([])
  await query(`insert into versions (dataset, version, is_latest) values
    ('umd_loss', 'v1.12', true), ('umd_loss', 'v1.9', false), ('umd_loss', 'v202106', false),
    ('umd-loss', 'v2', false), ('umd_loss_', 'v3', true)`)
})

async function get(path: string): Promise<Response> {
  return (await startIsolate()).fetch(`${newHost()}${path}`)
}

describe('GET /dataset/{dataset}', () => {
  it.each([
    ['umd_loss', ['v1.9', 'v1.12', 'v202106'], 'v1.12'],
    ['umd-loss', ['v2'], null],
  ])('returns %s as in the list of datasets', async (dataset, versions, latest) => {
    const response = await get(`/dataset/${dataset}`)
    expect(response.status).toBe(200)
    expect(response.headers.get('Cache-Control')).toBe('private, max-age=60')
    const answer = { data: { dataset, versions, latest }, status: 'success' }
    expect(await response.text()).toBe(JSON.stringify(answer))
    const { data } = await (await get(`/datasets?search=${dataset}`)).json<{ data: unknown[] }>()
    expect(data).toContainEqual(answer.data)
  })

  it('is one answer for each spelling of the path', async () => {
    const { fetch } = await startIsolate()
    const host = newHost()
    await fetch(`${host}/dataset/umd_loss`)
    const response = await fetch(`${host}/dataset/%75md%5Floss?utm=x`)
    expect(response.headers.get('Cache-Status')).toMatch(/^assets; hit; ttl=/)
  })

  it('answers 404 that names an unknown dataset', async () => {
    const response = await get('/dataset/umd_los')
    expect(response.status).toBe(404)
    expect(response.headers.get('Cache-Control')).toBe('no-store')
    expect(await response.json()).toEqual({ detail: 'Dataset with name umd_los does not exist' })
  })

  it('finds a dataset that is added after a 404, and not one whose last version is gone', async () => {
    const { fetch } = await startIsolate()
    const url = `${newHost()}/dataset/added_later`
    expect((await fetch(url)).status).toBe(404)
    await query("insert into versions (dataset, version) values ('added_later', 'v1')")
    expect((await fetch(url)).status).toBe(200)
    await query("delete from versions where dataset = 'added_later'")
    vi.setSystemTime(Date.now() + 61_000)
    expect((await fetch(url)).status).toBe(404)
  })
})

const MISMATCH = {
  loc: ['path', 'dataset'],
  msg: 'string does not match regex "^[a-z][a-z0-9_-]{2,}$"',
  type: 'value_error.str.regex',
}

describe('security: the dataset in a path', () => {
  it.each([
    'ab',
    'Abc',
    '1abc',
    'abc%00',
    'abc%0A',
    'abc%20',
    'abc%2Fv1',
    '%ff%fe%fd',
    '%zz',
    "abc'--",
    'abc%22',
    'abc;drop',
    '..%2F..%2Fassets',
    '%E2%80%AEabc',
    'abc*',
    '%D9%A1abc',
  ])('is a 422: %s', async (dataset) => {
    const response = await get(`/dataset/${dataset}`)
    expect(response.status).toBe(422)
    expect(await response.json()).toEqual({ detail: [MISMATCH] })
  })

  it.each([255, 256, 1_000_000])('has at most 255 characters: %i', async (length) => {
    const response = await get(`/dataset/${'x'.repeat(length)}`)
    const fault = {
      loc: ['path', 'dataset'],
      msg: 'ensure this value has at most 255 characters',
      type: 'value_error.any_str.max_length',
    }
    const detail = length === 255 ? `Dataset with name ${'x'.repeat(255)} does not exist` : [fault]
    expect([response.status, await response.json()]).toEqual([
      length === 255 ? 404 : 422,
      { detail },
    ])
  })
})
