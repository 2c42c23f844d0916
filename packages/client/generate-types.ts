/** Writes the types of the API, `src/api.ts`, from its OpenAPI document. */

import { readFile, writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import openapiTS, { astToString, COMMENT_HEADER, type SchemaObject } from 'openapi-typescript'
import ts from 'typescript'
import { openApiDocument } from '../../src/api/openapi/document.ts'
import packageJson from './package.json' with { type: 'json' }

const FILE = new URL('src/api.ts', import.meta.url)

/** Types that the generator always writes. Without paths and operations, there is nothing in them. */
const EMPTY = ['paths', 'webhooks', '$defs', 'operations']

/** Schemas that the client has no use for: bodies that it unwraps, and those of errors and probes. */
const UNUSED = /Answer$|^(ErrorMessage|Faults|Health)$/

type Parameter = { in: string; name: string; description?: string; schema: SchemaObject }
type Operation = { operationId: string; parameters: Parameter[] }

const { values: flags } = parseArgs({
  options: {
    /** Fails if the file is out of date, and writes nothing. */
    check: { type: 'boolean' },
  },
})
const types = await generateTypes()
if (!flags.check) {
  await writeFile(FILE, types)
} else if (types !== (await readFile(FILE, 'utf8'))) {
  console.error(
    'packages/client/src/api.ts differs from the OpenAPI document: run `npm run client:types`',
  )
  process.exitCode = 1
}

/**
 * Generates a type for each schema that the client uses, and one for the query of each listing; other
 * queries have some of its parameters. Responses and headers are left out because the client doesn't
 * use their types, and they are three quarters of the document.
 */
async function generateTypes(): Promise<string> {
  const { openapi, info, paths, components } = openApiDocument(packageJson.version, '')
  // Boundary: the document's parts are typed as JSON.
  const operations = Object.entries(paths as Record<string, { get: Operation }>)
  const queries = operations.flatMap(([path, { get }]) => {
    if (path.includes('{')) return []
    const parameters = get.parameters.filter((parameter) => parameter.in === 'query')
    return parameters.length === 0 ? [] : [[`${get.operationId}Query`, toObject(parameters)]]
  })
  const used = Object.entries(components.schemas).filter(([name]) => !UNUSED.test(name))
  const schemas = Object.fromEntries([...used, ...queries])
  const document = JSON.stringify({ openapi, info, paths: {}, components: { schemas } })
  const nodes = await openapiTS(document, {
    // A parameter that has a default may be left out.
    defaultNonNullable: false,
    // A fault's `loc` is a pair.
    arrayLength: true,
  })
  // Most comments repeat the types, and they would make the package larger than 20 KB.
  const written = nodes.filter(
    (node) => !(ts.isTypeAliasDeclaration(node) && EMPTY.includes(node.name.text)),
  )
  return COMMENT_HEADER + astToString(written, { formatOptions: { removeComments: true } })
}

function toObject(parameters: Parameter[]): SchemaObject {
  const properties = parameters.map(({ name, description, schema }) => [
    name,
    { ...schema, description },
  ])
  return { type: 'object', properties: Object.fromEntries(properties) }
}
