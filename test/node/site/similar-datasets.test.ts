import { describe, expect, it } from 'vitest'
import { createClient } from '../../../packages/client/src/client.ts'
import { loadCandidates } from '../../../site/search/candidates.ts'
import { toWords } from '../../../site/search/dataset-search.ts'
import { findSimilar } from '../../../site/search/similar-datasets.ts'
import { shippedDatasets } from './shipped-datasets.ts'

const DATASETS = (await shippedDatasets()).map((dataset) => ({ dataset }))

describe('the searches that may have been meant', () => {
  it.each([
    ['a misspelled word', 'tree covr los', ['tree cover loss']],
    ['words written as one', 'treecoverloss', ['tree cover loss']],
    ['one word too many', 'tree cover loss brazil', ['tree cover loss']],
    ['two words that no name has both of', 'tree oil', ['tree', 'oil']],
    ['no word of any name', 'xyz', []],
  ])('%s: %j', (_, text, searches) => {
    expect(findSimilar(toWords(text), DATASETS).searches.map(({ text }) => text)).toEqual(searches)
  })

  it('say whether they leave a word out', () => {
    expect(findSimilar(['mangroev'], DATASETS).searches).toEqual([
      { text: 'mangrove', hasAllWords: true },
    ])
    expect(findSimilar(['mangroev', 'xyz'], DATASETS).searches).toEqual([
      { text: 'mangrove', hasAllWords: false },
    ])
  })
})

describe('similar datasets', () => {
  it.each([
    ['treecoverloss', 'umd_tree_cover_loss'],
    ['umd_tree_cover_los', 'umd_tree_cover_loss'],
    ['UMD-TreeCoverLoss', 'umd_tree_cover_loss'],
    ['umd_tree_cover_loss_2020', 'umd_tree_cover_loss'],
    ['gfw oil palm concessions', 'gfw_oil_palm'],
    ['overloss', 'umd_tree_cover_loss'],
  ])('of %s: %s comes first', (text, first) => {
    const [best] = findSimilar(toWords(text), DATASETS).datasets
    expect(best).toEqual({ dataset: first })
  })

  it('have the most words, then the most pairs of letters', () => {
    const names = ['tree_cover_gain', 'tree_density', 'oil_palm', 'umd_tree_cover_loss']
    const candidates = names.map((dataset) => ({ dataset }))
    expect(findSimilar(['tree', 'cover', 'loss'], candidates).datasets).toEqual([
      { dataset: 'umd_tree_cover_loss' },
      { dataset: 'tree_cover_gain' },
    ])
    expect(findSimilar([], candidates).datasets).toEqual([])
  })
})

describe('the datasets among which a misspelled one can be', () => {
  function reading(totalPages: number) {
    const searches: (string | null)[] = []
    const client = createClient({
      baseUrl: 'http://catalog.test',
      retries: 0,
      fetch: async (url) => {
        const search = new URL(url).searchParams.get('search')
        searches.push(search)
        const data = [{ dataset: `${search?.replaceAll(' ', '_')}_found` }, { dataset: 'umd_both' }]
        return Response.json({ data, meta: { total_pages: `${totalPages}` }, links: {} })
      },
    })
    return { client, searches }
  }
  const { signal } = new AbortController()

  it('are all of a small catalog', async () => {
    const { client, searches } = reading(1)
    expect(await loadCandidates(client, ['umd', 'tree'], signal)).toHaveLength(2)
    expect(searches).toEqual([null])
    expect(await loadCandidates(client, [], signal)).toEqual([])
    expect(searches).toHaveLength(1)
  })

  it('begin like a word, or have all words, if the catalog is large', async () => {
    const { client, searches } = reading(2)
    const words = ['umd', 'forests', 'tree', 'cover', 'los']
    const found = await loadCandidates(client, words, signal)
    expect(found.map(({ dataset }) => dataset)).toEqual([
      'umd_forests_tree_cover_los_found',
      'umd_both',
      'fore_found',
      'cove_found',
      'tree_found',
      'umd_found',
    ])
    expect(searches).toEqual([null, 'umd forests tree cover los', 'fore', 'cove', 'tree', 'umd'])
  })
})
