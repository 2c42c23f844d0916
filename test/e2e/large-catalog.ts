/** Answers the explorer's requests as the API of a catalog with many datasets would. */

import type { Page } from 'playwright-core'
import { origin } from './browser.ts'

/** Groups of 1,000 datasets: `aa_tree_cover_000`, … `aa_forest_999`, `ab_tree_cover_000`, … */
export function largeNames(count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const group = String.fromCharCode(
      97 + Math.floor(index / 26_000),
      97 + (Math.floor(index / 1000) % 26),
    )
    const topic = index % 1000 < 500 ? 'tree_cover' : 'mangrove'
    return `${group}_${topic}_${String(index % 1000).padStart(3, '0')}`
  }).sort()
}

/**
 * Serves them from now on, and returns the paths that were requested. Every tenth dataset has a tile
 * cache; all have a COG.
 */
export async function serveLargeCatalog(page: Page, count: number): Promise<string[]> {
  const names = largeNames(count)
  const paths: string[] = []
  const typesOf = (name: string) => (name.endsWith('0') ? ['Raster tile cache', 'COG'] : ['COG'])
  const isOfApi = ({ origin: from, pathname }: URL) =>
    from === origin && /^\/(assets|datasets|dataset\/.*)$/.test(pathname)
  await page.context().route(isOfApi, (route) => {
    const { pathname, search, searchParams } = new URL(route.request().url())
    paths.push(decodeURIComponent(pathname + search))
    const answer = (data: unknown, total = 0) => {
      const size = Number(searchParams.get('page[size]'))
      const meta = {
        size: `${size}`,
        total_items: `${total}`,
        total_pages: `${Math.ceil(total / size)}`,
      }
      return route.fulfill({ json: { data, status: 'success', links: {}, meta } })
    }
    const [, , dataset = '', version] = pathname.split('/')
    if (version) return answer({ assets: typesOf(dataset).map((type) => [type, 's3://b/k']) })
    if (pathname === '/assets') return answer([], count * 2)
    const words = (searchParams.get('search') ?? '').split(' ')
    const matching = names.filter((name) => words.every((word) => name.includes(word)))
    const size = Number(searchParams.get('page[size]'))
    const start = (Number(searchParams.get('page[number]') ?? 1) - 1) * size
    const shown = matching.slice(start, start + size)
    return answer(
      shown.map((name) => ({ dataset: name, versions: ['v1'], latest: 'v1' })),
      matching.length,
    )
  })
  return paths
}
