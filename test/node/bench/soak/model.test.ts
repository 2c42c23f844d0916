/** The soak test's catalog in memory. */

import { expect, it } from 'vitest'
import { CatalogModel, describePage, type ModelAsset } from '../../../../bench/soak/model.ts'

const CSV = 'https://example.org/csv'

function asset(id: string, dataset: string, tag: number, others: Partial<ModelAsset> = {}) {
  return {
    asset_id: id,
    dataset,
    version: 'v1.0',
    asset_type: 'csv',
    asset_uri: `https://example.org/${id}`,
    status: 'saved',
    is_latest: false,
    is_default: false,
    tag,
    ...others,
  }
}

/** Change 1 is of `one`; change 2 deletes the last asset of `two`. */
function modelOfTwo(): CatalogModel {
  const model = new CatalogModel()
  const [a, b] = [asset('a', 'one', 0), asset('b', 'two', 0, { is_latest: true })]
  const c = asset('c', 'two', 0, { asset_uri: CSV, status: 'failed' })
  model.states.push([a, b, c], [{ ...a, tag: 1 }, b, c], [{ ...a, tag: 1 }, b])
  return model
}

it.each([
  ['/assets', '3: a 0, b 0, c 0', 0, 0],
  ['/assets', '3: a 1, b 0, c 0', 1, 1],
  ['/assets', '2: a 1, b 0', 2, 2],
  ['/assets?page[size]=1&page[number]=2', '3: b 0', 0, 1],
  ['/assets?dataset=one', '1: a 1', 1, 2],
  ['/assets?dataset=two', '2: b 0, c 0', 0, 1],
  ['/assets?version=latest', '1: b 0', 0, 2],
  ['/assets?version=1.0&is_latest=no&status=saved', '1: a 0', 0, 0],
  [`/assets?asset_uri=${CSV}`, '1: c 0', 0, 1],
  ['/assets?asset_type=COG', '0: ', 0, 2],
])('%s shows "%s" from change %d to %d', (path, shown, first, last) => {
  const model = modelOfTwo()
  expect([model.firstChangeOf(path, shown), model.lastChangeOf(path, shown)]).toEqual([first, last])
})

it('refuses what a path never showed', () => {
  const model = modelOfTwo()
  // The total of one change with the assets of another.
  expect(() => model.lastChangeOf('/assets', '2: a 0, b 0')).toThrow(
    'the catalog never had this page',
  )
  expect(() => model.firstChangeOf('/assets', '3: a 0, b 0')).toThrow(
    'the catalog never had this page',
  )
})

it('knows which changes renew the revision of a path', () => {
  const model = modelOfTwo()
  const changed = (path: string) => [0, 1, 2].map((change) => model.isChanged(path, change))
  expect(changed('/assets')).toEqual([true, true, true])
  expect(changed('/assets?dataset=one')).toEqual([true, true, false])
  expect(changed('/assets?dataset=two&status=saved')).toEqual([true, false, true])
})

it('describes a page by its total, its assets and their tags', () => {
  const page = {
    data: [
      { asset_id: 'a', metadata: { tags: ['1'] } },
      { asset_id: 'b', metadata: { tags: ['0'] } },
    ],
    meta: { size: '2', total_items: '5', total_pages: '3' },
  }
  // Boundary: only these keys of a page are read.
  expect(describePage(page as unknown as Parameters<typeof describePage>[0])).toBe('5: a 1, b 0')
})
