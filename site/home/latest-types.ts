/** Reads the types of single datasets, for catalogs that are too large to read whole. */

import { type CatalogClient, CatalogError } from '../../packages/client/src/client.ts'
import type { AssetType } from '../../src/api/asset-types.ts'
import { inOrder } from './catalog-index.ts'

const AT_A_TIME = 4

const known = new WeakMap<CatalogClient, LatestTypes>()

/** Those read by a client, whoever asked. */
export function latestTypesOf(client: CatalogClient): LatestTypes {
  const types = known.get(client) ?? new LatestTypes(client)
  known.set(client, types)
  return types
}

export class LatestTypes {
  #client: CatalogClient
  #known = new Map<string, readonly AssetType[]>()
  #running = 0
  #waiting: (() => void)[] = []

  constructor(client: CatalogClient) {
    this.#client = client
  }

  get(dataset: string): readonly AssetType[] | undefined {
    return this.#known.get(dataset)
  }

  /** Sends a few requests at a time, and none if it is aborted while it waits for its turn. */
  async load(dataset: string, signal: AbortSignal): Promise<readonly AssetType[]> {
    while (this.#running >= AT_A_TIME) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    }
    this.#running++
    try {
      signal.throwIfAborted()
      const types = this.get(dataset) ?? (await this.#read(dataset, signal))
      this.#known.set(dataset, types)
      return types
    } finally {
      this.#running--
      this.#waiting.shift()?.()
    }
  }

  async #read(dataset: string, signal: AbortSignal): Promise<readonly AssetType[]> {
    try {
      const { assets } = await this.#client.getVersion({ dataset, version: 'latest' }, { signal })
      return inOrder(assets.map(([type]) => type))
    } catch (error) {
      // No version is flagged latest, or it has more assets than one answer holds.
      const isAnswer = error instanceof CatalogError && [404, 422].includes(error.status)
      if (isAnswer) return []
      throw error
    }
  }
}
