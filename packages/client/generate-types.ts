/** Writes the types of the API, `src/api.ts`, from its OpenAPI document. */

import { readFile, writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import openapiTS, { astToString, COMMENT_HEADER, type SchemaObject } from 'openapi-typescript'
import { openApiDocument } from '../../src/api/openapi/document.ts'
import packageJson from './package.json' with { type: 'json' }

const FILE = new URL('src/api.ts', import.meta.url)

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
 * Generates a type for each schema, and one for the query of each operation that has one. Responses
 * and headers are left out because the client doesn't use their types, and they are three quarters
 * of the document.
 */
async function generateTypes(): Promise<string> {
  const { openapi, info, paths, components } = openApiDocument(packageJson.version, '')
  // Boundary: the document's parts are typed as JSON.
  const operations = Object.values(paths as Record<string, { get: Operation }>)
  const queries = operations.flatMap(({ get }) => {
    const parameters = get.parameters.filter((parameter) => parameter.in === 'query')
    return parameters.length === 0 ? [] : [[`${get.operationId}Query`, toObject(parameters)]]
  })
  const schemas = { ...components.schemas, ...Object.fromEntries(queries) }
  const document = JSON.stringify({ openapi, info, paths: {}, components: { schemas } })
  const nodes = await openapiTS(document, {
    // A parameter that has a default may be left out.
    defaultNonNullable: false,
    // A fault's `loc` is a pair.
    arrayLength: true,
  })
  // Most comments repeat the types, and they would make the package larger than 20 KB.
  return COMMENT_HEADER + astToString(nodes, { formatOptions: { removeComments: true } })
}

function toObject(parameters: Parameter[]): SchemaObject {
  const properties = parameters.map(({ name, description, schema }) => [
    name,
    { ...schema, description },
  ])
  return { type: 'object', properties: Object.fromEntries(properties) }
}
