import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { markMatches, searchDatasets, toWords } from '../../../site/search/dataset-search.ts'
import { datasetQuerySchema } from '../../../src/api/query.ts'
import { shippedDatasets } from './shipped-datasets.ts'

const NAMES = await shippedDatasets()

function search(text: string, names = NAMES): string[] {
  const items = names.map((dataset) => ({ dataset }))
  return searchDatasets(items, toWords(text)).map(({ dataset }) => dataset)
}

/** `umd_[tree]_cover` */
function marked(name: string, text: string): string {
  return markMatches(name, toWords(text))
    .map((part) => (part.isMatch ? `[${part.text}]` : part.text))
    .join('')
}

describe('toWords', () => {
  it.each([
    ['Tree Cover', ['tree', 'cover']],
    ['  umd_tree-cover\t', ['umd', 'tree', 'cover']],
    ['loss loss', ['loss']],
    ['', []],
    ['_-', []],
  ])('reads %j as %j', (text, words) => {
    expect(toWords(text)).toEqual(words)
  })

  it('reads any text as the API does', () => {
    const anyText = fc.string({
      maxLength: 30,
      unit: fc.constantFrom('a', 'B', 'İ', ' ', '_', '-', '\u00a0', '2'),
    })
    fc.assert(
      fc.property(anyText, (text) => {
        expect(toWords(text).join(' ')).toBe(
          datasetQuerySchema.parse({ search: text }).search ?? '',
        )
      }),
    )
  })
})

describe('searchDatasets', () => {
  it.each([
    ['tree cover loss', 'umd_tree_cover_loss'],
    ['LOSS cover Tree', 'umd_tree_cover_loss'],
    ['umd-tree-cover-lo', 'umd_tree_cover_loss'],
    ['protected areas', 'khm_protected_areas'],
    ['tcl adm1 change', 'gadm__tcl__adm1_change'],
    ['gadm tcl', 'gadm__tcl__adm1_change'],
    ['mangrove', 'gmw_global_mangrove_extent'],
  ])('finds for %j %s first', (text, first) => {
    expect(search(text)[0]).toBe(first)
  })

  it('ranks the start of a name, words side by side, words of their own, and parts of words', () => {
    const names = [
      'a_uncover_tree',
      'cover_tree_b',
      'long_tree_cover',
      'tree_cover_z',
      'tree_covers_a',
    ]
    expect(search('tree cover', names)).toEqual([
      'tree_cover_z',
      'tree_covers_a',
      'long_tree_cover',
      'cover_tree_b',
      'a_uncover_tree',
    ])
  })

  it('keeps all datasets in their order if there is no word', () => {
    expect(search(' ')).toEqual(NAMES)
  })

  it('finds the names that hold every word, whatever the order of words', () => {
    const words = fc.uniqueArray(
      fc.constantFrom('tree', 'cover', 'gfw', 'a', 'over', 'x', 'forest', '2000'),
      { maxLength: 4 },
    )
    fc.assert(
      fc.property(words, (chosen) => {
        const found = search(chosen.join(' '))
        expect(found.toSorted()).toEqual(
          NAMES.filter((name) => chosen.every((word) => name.includes(word))),
        )
        expect(search(chosen.toReversed().join('_')).toSorted()).toEqual(found.toSorted())
      }),
    )
  })
})

describe('markMatches', () => {
  it.each([
    ['umd_tree_cover_loss', 'tree cover loss', 'umd_[tree_cover_loss]'],
    ['umd_tree_cover_loss', 'loss tree', 'umd_[tree]_cover_[loss]'],
    ['gadm__tcl__adm1_change', 'gadm tcl', '[gadm__tcl]__adm1_change'],
    ['aaa_a', 'aa', '[aaa]_a'],
    ['tree_cover', 'tree re', '[tree]_cover'],
    ['tree-cover', 'TREE_COVER', '[tree-cover]'],
    ['tree_cover', '', 'tree_cover'],
  ])('marks in %s, searched for %j, %s', (name, text, expected) => {
    expect(marked(name, text)).toBe(expected)
  })

  it('keeps the name', () => {
    const name = fc.string({ unit: fc.constantFrom('a', 'b', '_', '-'), maxLength: 12 })
    fc.assert(
      fc.property(name, name, (dataset, text) => {
        const parts = markMatches(dataset, toWords(text))
        expect(parts.map((part) => part.text).join('')).toBe(dataset)
      }),
    )
  })
})
