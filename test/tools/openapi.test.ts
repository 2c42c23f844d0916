import { createConfig, lintFromString } from '@redocly/openapi-core'
import { expect, it } from 'vitest'
import { completeMetadata } from '../../src/metadata.ts'
import { openApiDocument } from '../../src/openapi.ts'
import { exampleAsset, exampleDataset } from '../../src/openapi-examples.ts'
import { readCatalogFile } from './catalog-items.ts'

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

it('shows an asset and a dataset of the real catalogue', async () => {
  const items = await readCatalogFile(
    new URL('../../catalog/gfw-catalog.json', import.meta.url).pathname,
  )
  const { dataset, version, asset_type, asset_uri, metadata } = exampleAsset
  const item = items.find((item) => item.asset_uri === asset_uri)
  expect(item).toMatchObject({ dataset, version, asset_type, status: 'saved' })
  const { id, ...recorded } = completeMetadata(asset_type, item?.metadata ?? {})
  const { id: importedId, ...shown } = metadata
  expect(shown).toEqual(recorded)

  const siblings = items.filter((item) => item.dataset === exampleDataset.dataset)
  const versions = new Set(siblings.map((item) => item.version))
  expect([...versions]).toEqual(exampleDataset.versions)
  expect(siblings.find((item) => item.is_latest)?.version).toBe(exampleDataset.latest)
})
