import { expect, it } from 'vitest'
import { CatalogError, createClient } from '../../../packages/client/src/client.ts'
import { VersionTypes } from '../../../site/asset/version-types.ts'

type Answer = (path: string) => Promise<Response> | Response

function reading(answer: Answer) {
  const paths: string[] = []
  const client = createClient({
    baseUrl: 'http://catalog.test',
    retries: 0,
    fetch: async (url) => {
      const { pathname } = new URL(url)
      paths.push(pathname)
      return answer(pathname)
    },
  })
  return { types: new VersionTypes(client), paths }
}

function version(...names: string[]): Response {
  return Response.json({ data: { assets: names.map((name) => [name, 's3://bucket/key']) } })
}

const LATEST = { dataset: 'umd_a', version: 'latest' }
const { signal } = new AbortController()

it('reads the types of the latest version, each once, and keeps them', async () => {
  const { types, paths } = reading(() => version('COG', 'Raster tile cache', 'COG'))
  expect(await types.load(LATEST, signal)).toEqual(['Raster tile cache', 'COG'])
  expect(await types.load(LATEST, signal)).toEqual(['Raster tile cache', 'COG'])
  expect(types.get(LATEST)).toEqual(['Raster tile cache', 'COG'])
  expect(paths).toEqual(['/dataset/umd_a/latest'])
})

it('sends four requests at a time, and none for rows that were left', async () => {
  const gate = Promise.withResolvers<void>()
  const { types, paths } = reading(async () => {
    await gate.promise
    return version('COG')
  })
  const leaving = new AbortController()
  const loads = ['a', 'b', 'c', 'd', 'e'].map((version) =>
    types.load({ dataset: 'umd_a', version }, signal),
  )
  const left = types.load({ dataset: 'umd_b', version: 'a' }, leaving.signal)
  await new Promise((resolve) => setTimeout(resolve))
  expect(paths).toHaveLength(4)
  leaving.abort(new Error('left'))
  gate.resolve()
  await expect(left).rejects.toThrow('left')
  expect(await Promise.all(loads)).toHaveLength(5)
  expect(paths).toHaveLength(5)
})

it('knows no type of a dataset without a latest version', async () => {
  const { types } = reading(() => Response.json({ detail: 'Not found' }, { status: 404 }))
  expect(await types.load(LATEST, signal)).toEqual([])
})

it('reads again what could not be read', async () => {
  let status = 503
  const { types } = reading(() =>
    status === 200 ? version('COG') : Response.json({ detail: 'down' }, { status }),
  )
  await expect(types.load(LATEST, signal)).rejects.toThrow(CatalogError)
  status = 200
  expect(await types.load(LATEST, signal)).toEqual(['COG'])
})
