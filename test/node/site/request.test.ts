import { describe, expect, it } from 'vitest'
import {
  composeRequest,
  exampleValues,
  initialValues,
  toCurl,
} from '../../../site/reference/request.ts'
import type { Operation, Parameter } from '../../../site/reference/spec.ts'

function parameter(name: string, place: Parameter['in'], example: string | number): Parameter {
  return { name, in: place, required: place === 'path', schema: {}, example }
}

const OPERATION: Operation = {
  operationId: 'listVersionAssets',
  summary: '',
  description: '',
  tags: [],
  parameters: [
    parameter('dataset', 'path', 'gfw_oil_palm'),
    parameter('version', 'path', 'v2025'),
    parameter('page[size]', 'query', 25),
    parameter('asset_uri', 'query', 's3://a/{z}'),
    parameter('If-None-Match', 'header', '"x"'),
  ],
  responses: {},
}
const PATH = '/dataset/{dataset}/{version}/assets'
const ORIGIN = 'https://api.example'

describe('a composed request', () => {
  it('starts with the examples of the path alone', () => {
    expect(initialValues(OPERATION)).toEqual({ dataset: 'gfw_oil_palm', version: 'v2025' })
    expect(composeRequest(ORIGIN, PATH, OPERATION, initialValues(OPERATION))).toEqual({
      url: 'https://api.example/dataset/gfw_oil_palm/v2025/assets',
      headers: {},
    })
  })

  it('has the examples of path and query, with raw brackets', () => {
    expect(composeRequest(ORIGIN, PATH, OPERATION, exampleValues(OPERATION)).url).toBe(
      'https://api.example/dataset/gfw_oil_palm/v2025/assets?page[size]=25&asset_uri=s3%3A%2F%2Fa%2F%7Bz%7D',
    )
  })

  it('encodes what was entered, and leaves out what is blank', () => {
    const values = { dataset: 'a/../b?', version: ' ', 'page[size]': ' ', 'If-None-Match': ' "y" ' }
    expect(composeRequest(ORIGIN, PATH, OPERATION, values)).toEqual({
      url: 'https://api.example/dataset/a%2F..%2Fb%3F//assets',
      headers: { 'If-None-Match': '"y"' },
    })
  })
})

describe('curl', () => {
  it('reads the token from the environment', () => {
    expect(toCurl({ url: 'https://api.example/assets', headers: {} }, true)).toBe(
      'curl -g \'https://api.example/assets\' \\\n  -H "Authorization: Bearer $TOKEN"',
    )
  })

  it('quotes for the shell, and needs no token for the service itself', () => {
    expect(
      toCurl({ url: "https://api.example/livez?a='b", headers: { 'X-Request-Id': "$x'" } }, false),
    ).toBe("curl -g 'https://api.example/livez?a='\\''b' \\\n  -H 'X-Request-Id: $x'\\'''")
  })
})
