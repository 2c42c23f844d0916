/**
 * Checks responses of the Worker against its own `/openapi.json`, and their bodies against the strict
 * schemas that its schemas are published from: no key is unknown, and all are in order.
 */

import { type Schema, Validator } from '@cfworker/json-schema'
import type * as z from 'zod'
import { schemas } from '../../src/api/openapi/schemas.ts'

type Reference = { $ref: string }
type ResponseObject = {
  headers?: Record<string, unknown>
  content?: Record<string, { schema: Schema }>
}
type Operation = { responses: Record<string, ResponseObject | Reference> }

type Document = {
  paths: Record<string, { get: Operation }>
  components: {
    headers: Record<string, { required?: boolean; schema: { type: string } }>
    responses: Record<string, ResponseObject>
  }
}

const { promise: document, resolve: setDocument } = Promise.withResolvers<Document>()

/** Sets the OpenAPI document; checks wait for it. */
export async function checkAnswersBy(openApi: Response): Promise<void> {
  // Boundary: with a document of another form, every check fails.
  setDocument((await openApi.json()) as Document)
}

/** The responses to paths that the document does not contain. */
const UNKNOWN_PATH: Operation = {
  responses: {
    403: { $ref: '#/components/responses/HttpsRequired' },
    404: { $ref: '#/components/responses/Unexpected' },
    default: { $ref: '#/components/responses/Unexpected' },
  },
}

/** The statuses that `default` describes. */
const UNEXPECTED = [400, 500]

export type AnswerCheck = {
  /** Path and status in the document, such as `/assets 200`; undefined if nothing is described. */
  described: string | undefined
  /** Differences between the answer and its description. */
  mismatches: string[]
}

const NOTHING_TO_CHECK: AnswerCheck = { described: undefined, mismatches: [] }

/** Compares an answer with its description, and consumes its body. */
export async function checkAnswer(request: Request, answer: Response): Promise<AnswerCheck> {
  if (request.method === 'OPTIONS') return NOTHING_TO_CHECK
  const { pathname } = new URL(request.url)
  // HTML pages are not part of the API.
  if (pathname === '/' || pathname === '/docs') return NOTHING_TO_CHECK
  const name = `${request.method} ${pathname} ${answer.status}`
  const body = await answer.text()
  const { paths, components } = await document
  const found = findOperation(paths, decodePath(pathname))
  // Paths with a trailing slash redirect.
  if (!found && answer.status === 308) return NOTHING_TO_CHECK
  const { responses } = found?.get ?? UNKNOWN_PATH
  const status = UNEXPECTED.includes(answer.status) ? 'default' : `${answer.status}`
  const expected = responses[status]
  if (!expected) return { described: undefined, mismatches: [`${name}: not described`] }
  const described = `${found?.path ?? 'unknown path'} ${status}`
  const mismatches: string[] = []
  const response = '$ref' in expected ? resolve(components.responses, expected.$ref) : expected
  for (const header of Object.keys(response.headers ?? {})) {
    const value = answer.headers.get(header)
    const { required, schema } = components.headers[header] ?? {}
    const isInteger = schema?.type === 'integer'
    if (value === null && required) mismatches.push(`${name}: no ${header}`)
    if (value !== null && isInteger && !/^\d+$/.test(value))
      mismatches.push(`${name}: ${header} ${value}`)
  }
  const content = Object.entries(response.content ?? {})[0]
  if (!content) {
    if (body !== '') mismatches.push(`${name}: a body`)
    return { described, mismatches }
  }
  const [type, { schema }] = content
  if (answer.headers.get('Content-Type') !== type) mismatches.push(`${name}: not ${type}`)
  if (request.method === 'HEAD') return { described, mismatches }
  const { errors } = validatorOf(schema, components).validate(JSON.parse(body))
  for (const { instanceLocation, error } of errors) {
    mismatches.push(`${name}: ${instanceLocation} ${error}`)
  }
  mismatches.push(...strictMismatches(schema, body).map((mismatch) => `${name}: ${mismatch}`))
  return { described, mismatches }
}

const strictSchemas = new Map<string, z.ZodType>(
  Object.entries(schemas).map(([name, schema]) => [`#/components/schemas/${name}`, schema]),
)

function strictMismatches({ $ref = '' }: Schema, body: string): string[] {
  const parsed = strictSchemas.get($ref)?.safeParse(JSON.parse(body))
  if (!parsed) return []
  if (parsed.error) {
    return parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`)
  }
  return JSON.stringify(parsed.data) === body ? [] : ['the keys are in another order']
}

const validators = new WeakMap<Schema, Validator>()

/** Cached, since resolving the references of a schema takes longer than most requests. */
function validatorOf(schema: Schema, components: Document['components']): Validator {
  const cached = validators.get(schema)
  if (cached) return cached
  const whole = { ...schema, components }
  const validator = new Validator(whole, '2020-12', false)
  validators.set(schema, validator)
  return validator
}

function findOperation(paths: Document['paths'], pathname: string) {
  for (const [path, { get }] of Object.entries(paths)) {
    const pattern = path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')
    if (new RegExp(`^${pattern}$`).test(pathname)) return { path, get }
  }
  return undefined
}

function resolve(responses: Record<string, ResponseObject>, reference: string): ResponseObject {
  const response = responses[reference.split('/').at(-1) ?? '']
  if (!response) throw new Error(`${reference} is not described`)
  return response
}

/** Like the Worker, keeps escapes that are not UTF-8. */
function decodePath(path: string): string {
  try {
    return decodeURI(path)
  } catch {
    return path
  }
}
