import { beforeAll, describe, expect, it } from 'vitest'
import { checkAnswer, checkedAnswers } from '../../harness/contract.ts'
import {
  answerChecks,
  newHost,
  resetCatalog,
  spyOnNetwork,
  startIsolate,
} from '../../harness/worker.ts'

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

describe('the check of answers', () => {
  const request = new Request('https://api.example/asset/1/tilejson.json')
  const headers = {
    'Content-Type': 'application/json',
    'Cache-Control': 'no-store',
    'X-Request-Id': '1',
  }

  it.each<[string, Response, string]>([
    [
      'a header that is missing',
      Response.json({ detail: 'Not authenticated' }, { status: 401, headers }),
      'GET /asset/1/tilejson.json 401: no WWW-Authenticate',
    ],
    [
      'a key that is none',
      Response.json({ detail: 'x', stack: 'y' }, { status: 409, headers }),
      'GET /asset/1/tilejson.json 409: # Property "stack" does not match additional properties schema.',
    ],
    [
      'another type',
      new Response('{"detail":"x"}', {
        status: 404,
        headers: { ...headers, 'Content-Type': 'text/html' },
      }),
      'GET /asset/1/tilejson.json 404: not application/json',
    ],
    [
      'a status that is not described',
      Response.json({ detail: 'x' }, { status: 410, headers }),
      'GET /asset/1/tilejson.json 410: not described',
    ],
    [
      'a header of another type',
      Response.json(
        { detail: 'x' },
        { status: 503, headers: { ...headers, 'Retry-After': 'soon' } },
      ),
      'GET /asset/1/tilejson.json 503: Retry-After soon',
    ],
  ])('finds %s', async (_, response, fault) => {
    await checkAnswer(request, response)
    expect(checkedAnswers.faults.splice(0)).toContain(fault)
  })

  it('finds what is not described of a path that is not', async () => {
    const elsewhere = new Request('https://api.example/elsewhere')
    await checkAnswer(elsewhere, Response.json({ detail: 'Not Found' }, { status: 404, headers }))
    expect(checkedAnswers.faults).toEqual([])
    await checkAnswer(elsewhere, Response.json({ message: 'x' }, { status: 404, headers }))
    expect(checkedAnswers.faults.splice(0)).toContain(
      'GET /elsewhere 404: # Instance does not have required property "detail".',
    )
    await checkAnswer(elsewhere, Response.json({ detail: 'x' }, { headers }))
    expect(checkedAnswers.faults.splice(0)).toEqual(['GET /elsewhere 200: not described'])
  })

  it('sees every answer of a test', async () => {
    const { fetch } = await startIsolate()
    expect((await fetch(`${newHost()}/assets`)).status).toBe(200)
    await Promise.all(answerChecks)
    expect(checkedAnswers.seen).toContain('/assets 200')
  })
})
