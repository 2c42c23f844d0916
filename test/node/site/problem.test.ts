import { afterEach, describe, expect, it, vi } from 'vitest'
import { CatalogError } from '../../../packages/client/src/client.ts'
import { rejectedTokenMessage, toProblem } from '../../../site/ui/problem.ts'

afterEach(() => vi.unstubAllGlobals())

function answer(status: number, { body = {}, headers = {} }: { body?: object; headers?: object }) {
  return new CatalogError(new Response(null, { status, headers: { ...headers } }), body)
}

describe('toProblem', () => {
  it('says what was not found', () => {
    expect(toProblem(answer(404, { body: { detail: 'No such dataset' } }))).toEqual({
      title: 'Not found',
      advice: 'No such dataset.',
      faults: [],
      canRetry: false,
      retrySeconds: undefined,
      isTransient: false,
    })
  })

  it('names each invalid parameter', () => {
    const detail = [
      { loc: ['query', 'dataset'], msg: 'too short', type: 'value_error' },
      { loc: ['query', 'page[size]'], msg: 'too large', type: 'value_error' },
    ]
    const problem = toProblem(answer(422, { body: { detail } }))
    expect(problem.faults).toEqual(['dataset: too short', 'page[size]: too large'])
    expect(problem.canRetry).toBe(false)
  })

  it.each([
    [429, {}, 60],
    [429, { 'Retry-After': '7' }, 7],
    [503, {}, 5],
    [503, { 'Retry-After': '30' }, 30],
  ])('retries %i with %j after %i s and keeps the page', (status, headers, retrySeconds) => {
    const problem = toProblem(answer(status, { headers }))
    expect(problem).toMatchObject({ retrySeconds, isTransient: true, canRetry: true })
  })

  it('names the request of an internal error, and drops the page', () => {
    const problem = toProblem(answer(500, { headers: { 'X-Request-Id': 'abc-1' } }))
    expect(problem).toEqual({
      title: 'The API answered 500',
      advice: 'Try again. If it happens again, report request abc-1.',
      faults: [],
      canRetry: true,
      retrySeconds: undefined,
      isTransient: false,
    })
  })

  it('says that the browser is offline, and waits for the network', () => {
    vi.stubGlobal('navigator', { onLine: false })
    const problem = toProblem(new TypeError('Failed to fetch'))
    expect(problem).toMatchObject({ title: 'You are offline', retrySeconds: undefined })
  })

  it('retries by itself if the API cannot be reached', () => {
    vi.stubGlobal('navigator', { onLine: true })
    const problem = toProblem(new TypeError('Failed to fetch'))
    expect(problem).toMatchObject({ title: 'No connection to the API', retrySeconds: 15 })
  })
})

describe('rejectedTokenMessage', () => {
  it('gives the reason in the challenge, if there is one', () => {
    const challenge = 'Bearer error="invalid_token", error_description="The token has expired"'
    expect(rejectedTokenMessage(challenge)).toBe(
      'The token has expired. Sign in with another token.',
    )
    expect(rejectedTokenMessage(null)).toBe('The token was rejected. Sign in with another token.')
  })
})
