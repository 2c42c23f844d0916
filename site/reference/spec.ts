/** The parts of the API's OpenAPI 3.1 document that the reference shows. */

export type Schema = {
  $ref?: string
  type?: string | string[]
  format?: string
  pattern?: string
  description?: string
  enum?: string[]
  default?: unknown
  items?: Schema
  oneOf?: Schema[]
  anyOf?: Schema[]
  properties?: Record<string, Schema>
  required?: string[]
}
export type Parameter = {
  name: string
  in: 'path' | 'query' | 'header'
  description?: string
  required?: boolean
  schema: Schema
  example?: string | number | boolean
}
type Referable<Item> = Item | { $ref: string }
export type Answer = {
  description: string
  headers?: Record<string, Referable<Header>>
  content?: Record<string, { schema: Schema; example?: unknown }>
}
export type Header = { description: string }
export type Operation = {
  operationId: string
  summary: string
  description: string
  tags: string[]
  /** Empty if the operation needs no token. */
  security?: unknown[]
  parameters: Parameter[]
  responses: Record<string, Referable<Answer>>
}
export type Spec = {
  info: { title: string; version: string; summary: string; description: string }
  servers: { url: string }[]
  tags: { name: string; description: string }[]
  paths: Record<string, { get: Operation }>
  components: {
    schemas: Record<string, Schema>
    headers: Record<string, Header>
    responses: Record<string, Answer>
  }
}

/** The page of the document asks for it before the scripts, so it is on its way. */
export async function loadSpec(signal: AbortSignal): Promise<Spec> {
  const answer = await fetch('/openapi.json', { signal })
  if (!answer.ok) throw new Error(`openapi.json: ${answer.status}`)
  // Boundary: the API's own document, which its tests check.
  return (await answer.json()) as Spec
}

/** What a `$ref` within `components` refers to, or the item itself. */
export function resolve<Item extends object>(
  components: Record<string, Item>,
  item: Referable<Item>,
): Item | undefined {
  return '$ref' in item ? components[nameOf(item.$ref)] : item
}

/** The last part of a reference: the name of the schema, header or response. */
export function nameOf(ref: string): string {
  return ref.slice(ref.lastIndexOf('/') + 1)
}

/** The values that a parameter can have, if they are listed. */
export function choicesOf(spec: Spec, schema: Schema): string[] {
  const found = resolve<Schema>(spec.components.schemas, schema) ?? schema
  if (found.type === 'boolean') return ['true', 'false']
  return found.enum ?? []
}
