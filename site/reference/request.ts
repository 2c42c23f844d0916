/** The request that a reader composes for an operation. */

import type { Operation } from './spec.ts'

/** What was entered, by the name of the parameter. */
export type Values = Record<string, string>

export type ComposedRequest = { url: string; headers: Record<string, string> }

/** What the form starts with: paths need a value, the rest is optional. */
export function initialValues({ parameters }: Operation): Values {
  return examplesOf(parameters.filter(({ required }) => required))
}

/** The example of each parameter of the path and the query; headers stay as they are. */
export function exampleValues({ parameters }: Operation): Values {
  return examplesOf(parameters.filter((parameter) => parameter.in !== 'header'))
}

/** The URL has raw brackets, as in the API's own links. Blank parameters are not sent. */
export function composeRequest(
  origin: string,
  path: string,
  { parameters }: Operation,
  values: Values,
): ComposedRequest {
  const query = new URLSearchParams()
  const headers: Record<string, string> = {}
  let target = path
  for (const { name, in: place } of parameters) {
    const value = (values[name] ?? '').trim()
    if (place === 'path') target = target.replace(`{${name}}`, encodeURIComponent(value))
    else if (value === '') continue
    else if (place === 'query') query.set(name, value)
    else headers[name] = value
  }
  const search = `${query}`.replaceAll('%5B', '[').replaceAll('%5D', ']')
  return { url: `${origin}${target}${search && `?${search}`}`, headers }
}

/** A command for a POSIX shell. It reads the token from the environment. */
export function toCurl({ url, headers }: ComposedRequest, needsToken: boolean): string {
  const lines = [
    // `-g`: brackets are not ranges.
    `curl -g ${quote(url)}`,
    ...(needsToken ? ['-H "Authorization: Bearer $TOKEN"'] : []),
    ...Object.entries(headers).map(([name, value]) => `-H ${quote(`${name}: ${value}`)}`),
  ]
  return lines.join(' \\\n  ')
}

function examplesOf(parameters: Operation['parameters']): Values {
  return Object.fromEntries(parameters.map(({ name, example = '' }) => [name, `${example}`]))
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
