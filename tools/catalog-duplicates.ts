/** What is wrong between the items of one catalog file, each of which is right by itself. */

import { type CatalogItem, derivedAssetId, type ItemFault } from './catalog-item.ts'

/** Remembers items: no asset comes twice, and a dataset has one latest version. */
export class SeenItems {
  readonly #uris = new Map<string, number>()
  readonly #ids = new Map<string, { line: number; isDerived: boolean }>()
  readonly #latest = new Map<string, { version: string; line: number }>()
  readonly #flags = new Map<string, { isLatest: boolean; line: number }>()

  /** Returns what is wrong with an item after the ones before it. */
  add(item: CatalogItem, line: number): ItemFault[] {
    const uriLine = keepFirst(this.#uris, item.asset_uri, line)
    // Then the ids are the same too, if they are derived.
    if (uriLine !== line) return [{ field: 'asset_uri', reason: `is that of line ${uriLine}` }]
    return [...this.#idFaults(item, line), ...this.#latestFaults(item, line)]
  }

  #idFaults({ asset_id: given, asset_uri: uri }: CatalogItem, line: number): ItemFault[] {
    const isDerived = given === undefined
    const id = given ?? derivedAssetId(uri)
    const first = keepFirst(this.#ids, id, { line, isDerived })
    if (first.line === line) return []
    if (isDerived) {
      const reason = `the id derived from it, ${id}, is that of line ${first.line}`
      return [{ field: 'asset_uri', reason }]
    }
    const origin = first.isDerived ? ', derived from its asset_uri' : ''
    return [{ field: 'asset_id', reason: `is that of line ${first.line}${origin}` }]
  }

  #latestFaults({ is_latest: isLatest, dataset, version }: CatalogItem, line: number): ItemFault[] {
    if (isLatest === undefined) return []
    const flag = keepFirst(this.#flags, `${dataset} ${version}`, { isLatest, line })
    if (flag.isLatest !== isLatest) {
      const reason = `line ${flag.line} says ${flag.isLatest} of ${version}`
      return [{ field: 'is_latest', reason }]
    }
    if (!isLatest) return []
    const latest = keepFirst(this.#latest, dataset, { version, line })
    if (latest.version === version) return []
    const reason = `line ${latest.line} says that ${latest.version} is the latest`
    return [{ field: 'is_latest', reason }]
  }
}

function keepFirst<T>(map: Map<string, T>, key: string, value: T): T {
  const first = map.get(key) ?? value
  map.set(key, first)
  return first
}
