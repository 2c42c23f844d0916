/** Every answer that a test gets from the Worker, judged by the API's own description. */

import { type Schema, Validator } from '@cfworker/json-schema'
import { openApiDocument } from '../src/openapi.ts'

type Reference = { $ref: string }
type ResponseObject = {
  headers?: Record<string, unknown>
  content?: Record<string, { schema: Schema }>
}
type Operation = { responses: Record<string, ResponseObject | Reference> }

// What clients read: JSON, without what JSON cannot say.
const document = JSON.parse(JSON.stringify(openApiDocument())) as {
  paths: Record<string, { get: Operation }>
  components: {
    headers: Record<string, { schema: { type: string } }>
    responses: Record<string, ResponseObject>
  }
}

const operations = Object.entries(document.paths).map(([path, { get }]) => ({
  path,
  pattern: new RegExp(`^${path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}$`),
  operation: get,
}))

/** Of a path that is none of theirs. */
const elsewhere: Operation = {
  responses: {
    403: { $ref: '#/components/responses/HttpsRequired' },
    404: { $ref: '#/components/responses/NotFound' },
    default: { $ref: '#/components/responses/Unexpected' },
  },
}

/** What `default` stands for; any other status is described, or a fault. */
const UNEXPECTED = [400, 500]

/** Faults of the answers since the last test, and operations and statuses of all answers. */
export const judged = { faults: [] as string[], seen: new Set<string>() }

/** Judges an answer; its body is read. */
export async function judge(request: Request, answer: Response): Promise<void> {
  if (request.method === 'OPTIONS') return
  const { pathname } = new URL(request.url)
  // The pages for people are no operations of the API.
  if (pathname === '/' || pathname === '/docs') return
  const name = `${request.method} ${pathname} ${answer.status}`
  const body = await answer.text()
  const found = operations.find(({ pattern }) => pattern.test(decodePath(pathname)))
  // The redirect of spellings with a slash.
  if (!found && answer.status === 308) return
  const { responses } = found?.operation ?? elsewhere
  const status = UNEXPECTED.includes(answer.status) ? 'default' : `${answer.status}`
  const described = responses[status]
  if (!described) {
    judged.faults.push(`${name}: not described`)
    return
  }
  judged.seen.add(`${found?.path ?? 'elsewhere'} ${status}`)
  const response = resolve(described)
  for (const header of Object.keys(response.headers ?? {})) {
    const value = answer.headers.get(header)
    const isInteger = document.components.headers[header]?.schema.type === 'integer'
    if (value === null) judged.faults.push(`${name}: no ${header}`)
    else if (isInteger && !/^\d+$/.test(value)) judged.faults.push(`${name}: ${header} ${value}`)
  }
  const content = Object.entries(response.content ?? {})[0]
  if (!content) {
    if (body !== '') judged.faults.push(`${name}: a body`)
    return
  }
  const [type, { schema }] = content
  if (answer.headers.get('Content-Type') !== type) judged.faults.push(`${name}: not ${type}`)
  if (request.method === 'HEAD') return
  const { errors } = validatorOf(schema).validate(JSON.parse(body))
  for (const { instanceLocation, error } of errors) {
    judged.faults.push(`${name}: ${instanceLocation} ${error}`)
  }
}

const validators = new WeakMap<Schema, Validator>()

/** Made once for a schema: resolving its references takes longer than most answers do. */
function validatorOf(schema: Schema): Validator {
  const known = validators.get(schema)
  if (known) return known
  const whole = { ...schema, components: document.components }
  const validator = new Validator(whole, '2020-12', false)
  validators.set(schema, validator)
  return validator
}

function resolve(response: ResponseObject | Reference): ResponseObject {
  if (!('$ref' in response)) return response
  return document.components.responses[response.$ref.split('/').at(-1) ?? ''] ?? {}
}

/** As the Worker reads it: escapes that are no UTF-8 stay as they are. */
function decodePath(path: string): string {
  try {
    return decodeURI(path)
  } catch {
    return path
  }
}
