import { beforeAll, describe, expect, it } from 'vitest'
import { checkAnswer } from '../../harness/contract.ts'
import { answerChecks, newHost, resetCatalog, startIsolate } from '../../harness/worker.ts'

beforeAll(() => resetCatalog([{}]))

describe('the check of answers against the OpenAPI document', () => {
  const request = new Request('https://api.example/asset/1/tilejson.json')
  const headers = {
    'Content-Type': 'application/json',
    'Cache-Control': 'no-store',
    'X-Request-Id': '1',
  }

  it.each<[string, Response, string]>([
    [
      'a missing header',
      Response.json({ detail: 'Not authenticated' }, { status: 401, headers }),
      'GET /asset/1/tilejson.json 401: no WWW-Authenticate',
    ],
    [
      'an unknown key',
      Response.json({ detail: 'x', stack: 'y' }, { status: 409, headers }),
      'GET /asset/1/tilejson.json 409:  Unrecognized key: "stack"',
    ],
    [
      'keys in another order',
      new Response(
        '{"tiles":["https://x.example/"],"tilejson":"3.0.0","scheme":"xyz","name":"x"}',
        {
          headers,
        },
      ),
      'GET /asset/1/tilejson.json 200: the keys are in another order',
    ],
    [
      'another media type',
      new Response('{"detail":"x"}', {
        status: 404,
        headers: { ...headers, 'Content-Type': 'text/html' },
      }),
      'GET /asset/1/tilejson.json 404: not application/json',
    ],
    [
      'an undescribed status',
      Response.json({ detail: 'x' }, { status: 410, headers }),
      'GET /asset/1/tilejson.json 410: not described',
    ],
    [
      'a header of the wrong type',
      Response.json(
        { detail: 'x' },
        { status: 503, headers: { ...headers, 'Retry-After': 'soon' } },
      ),
      'GET /asset/1/tilejson.json 503: Retry-After soon',
    ],
  ])('finds %s', async (_, response, mismatch) => {
    const { mismatches } = await checkAnswer(request, response)
    expect(mismatches).toContain(mismatch)
  })

  it('expects the error responses of the API for unknown paths', async () => {
    const unknown = new Request('https://api.example/unknown')
    const check = (body: unknown, status: number) =>
      checkAnswer(unknown, Response.json(body, { status, headers }))
    expect(await check({ detail: 'Not Found' }, 404)).toEqual({
      described: 'unknown path 404',
      mismatches: [],
    })
    expect((await check({ message: 'x' }, 404)).mismatches).toContain(
      'GET /unknown 404: # Instance does not have required property "detail".',
    )
    expect((await check({ detail: 'x' }, 200)).mismatches).toEqual([
      'GET /unknown 200: not described',
    ])
  })

  it('covers every answer of a test', async () => {
    const { fetch } = await startIsolate()
    expect((await fetch(`${newHost()}/assets`)).status).toBe(200)
    expect(await Promise.all(answerChecks)).toEqual([{ described: '/assets 200', mismatches: [] }])
  })
})
