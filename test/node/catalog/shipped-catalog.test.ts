/** The catalog that `npm run dev` loads. */

import { fileURLToPath } from 'node:url'
import { beforeAll, expect, it } from 'vitest'
import { compareVersions } from '../../../src/api/version-order.ts'
import type { CatalogItem } from '../../../tools/catalog/item.ts'
import { readCatalogFile } from '../../harness/catalog-items.ts'

let items: CatalogItem[]

beforeAll(async () => {
  items = await readCatalogFile(
    fileURLToPath(new URL('../../../catalog/gfw-catalog.json', import.meta.url)),
  )
})

it('is sorted by dataset, version, type and URI', () => {
  const compareTexts = (left: string, right: string) => (left < right ? -1 : Number(left > right))
  const sorted = items.toSorted(
    (left, right) =>
      compareTexts(left.dataset, right.dataset) ||
      compareVersions(left.version, right.version) ||
      compareTexts(left.asset_type, right.asset_type) ||
      compareTexts(left.asset_uri, right.asset_uri),
  )
  expect(items.map(({ asset_uri }) => asset_uri)).toEqual(sorted.map(({ asset_uri }) => asset_uri))
})

it('flags only the newest version of each dataset as latest', () => {
  const newest = new Map<string, string>()
  for (const { dataset, version } of items) {
    const current = newest.get(dataset)
    if (current === undefined || compareVersions(current, version) < 0) newest.set(dataset, version)
  }
  const wrong = items.filter(
    ({ dataset, version, is_latest }) => is_latest !== (newest.get(dataset) === version),
  )
  expect(wrong).toEqual([])
  expect(newest.size).toBe(261)
  expect(newest.get('gfw_managed_forests')).toBe('v2025')
})
