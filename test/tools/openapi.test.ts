import { createConfig, lintFromString } from '@redocly/openapi-core'
import { expect, it } from 'vitest'
import { openApiDocument } from '../../src/openapi.ts'
import { exampleAsset } from '../../src/openapi-examples.ts'

/** Rule and place of each problem that the linter finds. */
async function lint(document: unknown): Promise<[rule: string, pointer: string | undefined][]> {
  const config = await createConfig({
    extends: ['recommended'],
    rules: { 'no-invalid-media-type-examples': 'error', 'no-invalid-parameter-examples': 'error' },
  })
  const problems = await lintFromString({ source: JSON.stringify(document), config })
  return problems.map(({ ruleId, location }) => [ruleId, location[0]?.pointer])
}

it("passes the linter's recommended rules, examples by their schemas included", async () => {
  expect(await lint(openApiDocument())).toEqual([])
})

it('is linted by rules that find faults', async () => {
  const document = openApiDocument()
  const example = { ...exampleAsset, status: 'lost' }
  Object.assign(document.components.responses.Conflict, {
    content: { 'application/json': { schema: { $ref: '#/components/schemas/Asset' }, example } },
  })
  expect(await lint(document)).toContainEqual([
    'no-invalid-media-type-examples',
    '#/components/responses/Conflict/content/application~1json/example/status',
  ])
})
