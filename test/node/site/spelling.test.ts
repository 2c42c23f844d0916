import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { closestWords, countEdits } from '../../../site/search/spelling.ts'
import { shippedDatasets } from './shipped-datasets.ts'

const DATASETS = (await shippedDatasets()).map((dataset) => ({ dataset }))

describe('closestWords', () => {
  it.each([
    ['mangroev', 'mangrove'],
    ['tree covr los', 'tree cover los'],
    ['proteced areas', 'protected areas'],
    ['treecoverloss', 'tree cover loss'],
    ['tree coverlos', 'tree cover loss'],
    ['oil plam', 'oil palm'],
    ['xyz', 'xyz'],
    ['unrelated', 'unrelated'],
  ])('reads %j as %j', (text, expected) => {
    expect(closestWords(text.split(' '), DATASETS).join(' ')).toBe(expected)
  })
})

describe('countEdits', () => {
  it.each([
    ['loss', 'loss', 0],
    ['los', 'loss', 1],
    ['lsos', 'loss', 1],
    ['glad', 'loss', 4],
    ['', 'loss', 4],
  ])('of %j and %j is %i', (a, b, edits) => {
    expect(countEdits(a, b)).toBe(edits)
  })

  it('is symmetric, and 0 only for equal words', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 6 })
    fc.assert(
      fc.property(word, word, (a, b) => {
        expect(countEdits(a, b)).toBe(countEdits(b, a))
        expect(countEdits(a, b) === 0).toBe(a === b)
      }),
    )
  })
})
