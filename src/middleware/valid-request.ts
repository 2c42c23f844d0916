/** Queries and path parameters, validated by zod before a handler reads them. */

import { zValidator } from '@hono/zod-validator'
import type { Env as HonoEnv, MiddlewareHandler } from 'hono'
import type * as z from 'zod'
import type { Fault } from '../api/resource.ts'
import { ApiError, invalidRequest } from '../errors.ts'

/** For the type of a handler behind `validQuery(schema)`, which calls `c.req.valid('query')`. */
export type ValidQuery<Schema extends z.ZodObject> = { out: { query: z.output<Schema> } }

/** For the type of a handler behind `validPath(schema)`, which calls `c.req.valid('param')`. */
export type ValidPath<Schema extends z.ZodObject> = { out: { param: z.output<Schema> } }

/** Hono parses names without `=` in quadratic time: half a millisecond for a URL of this length. */
const MAX_LENGTH_WITHOUT_EQUALS = 4096

/** The header must not repeat whatever a client sends. */
const IGNORED_NAME = /^[\w.[\]-]{1,64}$/
const MAX_IGNORED_NAMES = 10

/**
 * Validates the query. Unknown parameters are ignored and named in the header `Ignored-Parameters`;
 * a repeated one counts with its last value. Answers 422 with all faults, in the order of the schema.
 * Requires `requestUrl()`.
 */
export function validQuery<Schema extends z.ZodObject>(
  schema: Schema,
): MiddlewareHandler<{ Variables: { url: URL } }, string, ValidQuery<Schema>> {
  // Boundary: zValidator does not infer its result from a schema that is a type parameter.
  const validate = zValidator('query', schema as z.ZodObject, refuseFaults, {
    validationFunction: (_, values) => schema.safeParse(lastValues(schema, values)),
  }) as MiddlewareHandler
  return async function validQuery(c, next) {
    const ignored = ignoredParameters(schema, c.get('url').searchParams)
    // On every response: for `page=2`, a 304 is as misleading as the first page.
    if (ignored.length > 0) c.header('Ignored-Parameters', ignored.join(', '))
    if (c.req.url.length > MAX_LENGTH_WITHOUT_EQUALS) c.req.raw = withEqualsSigns(c.req.raw)
    return validate(c, next)
  }
}

/** Validates the parameters in the path. Answers 422 with all faults. */
export function validPath<Schema extends z.ZodObject>(
  schema: Schema,
): MiddlewareHandler<HonoEnv, string, ValidPath<Schema>> {
  // Boundary: as above.
  return zValidator('param', schema as z.ZodObject, refuseFaults) as MiddlewareHandler
}

/** Validates both. Answers 422 with all faults, those of the path first. */
export function validPathAndQuery<Path extends z.ZodObject, Query extends z.ZodObject>(
  path: Path,
  query: Query,
): MiddlewareHandler<{ Variables: { url: URL } }, string, ValidPath<Path> & ValidQuery<Query>> {
  const validators: MiddlewareHandler[] = [validPath(path), validQuery(query)]
  return async function validPathAndQuery(c, next) {
    const faults: Fault[] = []
    for (const validate of validators) {
      try {
        await validate(c, async () => {})
      } catch (error) {
        if (!(error instanceof ApiError && Array.isArray(error.detail))) throw error
        faults.push(...error.detail)
      }
    }
    if (faults.length > 0) throw invalidRequest(faults)
    return next()
  }
}

/** The names that the schema does not have, each once, without long or unusual ones. */
function ignoredParameters(schema: z.ZodObject, search: URLSearchParams): string[] {
  return [...new Set(search.keys())]
    .filter((name) => !Object.hasOwn(schema.shape, name) && IGNORED_NAME.test(name))
    .slice(0, MAX_IGNORED_NAMES)
}

/** The same request; each parameter of its query has an `=`. */
function withEqualsSigns(request: Request): Request {
  const url = new URL(request.url)
  url.search = `${url.searchParams}`
  return new Request(url, request)
}

function lastValues(
  schema: z.ZodObject,
  values: Record<string, string | string[]>,
): Record<string, string | undefined> {
  const names = Object.keys(schema.shape).filter((name) => Object.hasOwn(values, name))
  return Object.fromEntries(names.map((name) => [name, [values[name]].flat().at(-1)]))
}

type Result =
  | { success: true; target: string }
  | { success: false; target: string; error: { issues: z.core.$ZodIssue[] } }

function refuseFaults(result: Result): void {
  if (result.success) return
  const place = result.target === 'param' ? 'path' : 'query'
  throw invalidRequest(result.error.issues.map((issue) => toFault(place, issue)))
}

/** A refinement of `api/query.ts` names its type; zod's own check is that of an enumeration. */
function toFault(place: Fault['loc'][0], issue: z.core.$ZodIssue): Fault {
  const type = issue.code === 'custom' ? issue.params?.type : 'type_error.enum'
  return { loc: [place, String(issue.path[0])], msg: issue.message, type }
}
