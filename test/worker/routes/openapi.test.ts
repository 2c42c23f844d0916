import { beforeAll, describe, expect, it } from 'vitest'
import { resetCatalog, spyOnNetwork, startIsolate } from '../../harness/worker.ts'

type Document = {
  paths: Record<string, { get: { responses: Record<string, unknown> } }>
  components: { schemas: Record<string, unknown> }
}

beforeAll(() => resetCatalog([{}]))

async function get(init?: RequestInit): Promise<Response> {
  return (await startIsolate()).fetch('https://api.example/openapi.json', init)
}

describe('GET /openapi.json', () => {
  it('needs neither token nor database', async () => {
    const network = spyOnNetwork()
    const response = await get({ headers: { Authorization: '' } })
    expect(response.status).toBe(200)
    expect(network).not.toHaveBeenCalled()
  })

  const ofAnswers = ['200', '304', '401', '403', '405', '422', '429', '503', 'default']
  it.each([
    ['/assets', ofAnswers],
    ['/datasets', ofAnswers],
    [
      '/asset/{asset_id}',
      ['200', '304', '401', '403', '404', '405', '422', '429', '503', 'default'],
    ],
    [
      '/asset/{asset_id}/tilejson.json',
      ['200', '304', '401', '403', '404', '405', '409', '422', '429', '503', 'default'],
    ],
    ['/openapi.json', ['200', '304', '403', '405', 'default']],
    ['/livez', ['200', '403', '405', 'default']],
    ['/readyz', ['200', '403', '405', '503', 'default']],
  ])('describes every status of %s', async (path, statuses) => {
    const { paths } = await (await get()).json<Document>()
    const responses = paths[path]?.get.responses ?? {}
    expect(Object.keys(responses)).toEqual(statuses)
  })
})
