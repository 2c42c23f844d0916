/** Checks every answer that a test gets from the Worker against its own `/openapi.json`. */

import { type Schema, Validator } from '@cfworker/json-schema'

type Reference = { $ref: string }
type ResponseObject = {
  headers?: Record<string, unknown>
  content?: Record<string, { schema: Schema }>
}
type Operation = { responses: Record<string, ResponseObject | Reference> }

type Document = {
  paths: Record<string, { get: Operation }>
  components: {
    headers: Record<string, { schema: { type: string } }>
    responses: Record<string, ResponseObject>
  }
}

const { promise: description, resolve: describedBy } = Promise.withResolvers<Document>()

/** Sets the document that answers are checked against; checks wait for it. */
export async function checkAnswersBy(openApi: Response): Promise<void> {
  // Boundary: a document of another form describes no answer, so every check fails.
  describedBy((await openApi.json()) as Document)
}

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
export const checkedAnswers = { faults: [] as string[], seen: new Set<string>() }

/** Judges an answer; its body is read. */
export async function checkAnswer(request: Request, answer: Response): Promise<void> {
  if (request.method === 'OPTIONS') return
  const { pathname } = new URL(request.url)
  // The pages for people are no operations of the API.
  if (pathname === '/' || pathname === '/docs') return
  const name = `${request.method} ${pathname} ${answer.status}`
  const body = await answer.text()
  const { paths, components } = await description
  const found = findOperation(paths, decodePath(pathname))
  // The redirect of spellings with a slash.
  if (!found && answer.status === 308) return
  const { responses } = found?.get ?? elsewhere
  const status = UNEXPECTED.includes(answer.status) ? 'default' : `${answer.status}`
  const described = responses[status]
  if (!described) {
    checkedAnswers.faults.push(`${name}: not described`)
    return
  }
  checkedAnswers.seen.add(`${found?.path ?? 'elsewhere'} ${status}`)
  const response = '$ref' in described ? resolve(components.responses, described.$ref) : described
  for (const header of Object.keys(response.headers ?? {})) {
    const value = answer.headers.get(header)
    const isInteger = components.headers[header]?.schema.type === 'integer'
    if (value === null) checkedAnswers.faults.push(`${name}: no ${header}`)
    else if (isInteger && !/^\d+$/.test(value))
      checkedAnswers.faults.push(`${name}: ${header} ${value}`)
  }
  const content = Object.entries(response.content ?? {})[0]
  if (!content) {
    if (body !== '') checkedAnswers.faults.push(`${name}: a body`)
    return
  }
  const [type, { schema }] = content
  if (answer.headers.get('Content-Type') !== type)
    checkedAnswers.faults.push(`${name}: not ${type}`)
  if (request.method === 'HEAD') return
  const { errors } = validatorOf(schema, components).validate(JSON.parse(body))
  for (const { instanceLocation, error } of errors) {
    checkedAnswers.faults.push(`${name}: ${instanceLocation} ${error}`)
  }
}

const validators = new WeakMap<Schema, Validator>()

/** Made once for a schema: resolving its references takes longer than most answers do. */
function validatorOf(schema: Schema, components: Document['components']): Validator {
  const known = validators.get(schema)
  if (known) return known
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

/** As the Worker reads it: escapes that are no UTF-8 stay as they are. */
function decodePath(path: string): string {
  try {
    return decodeURI(path)
  } catch {
    return path
  }
}
