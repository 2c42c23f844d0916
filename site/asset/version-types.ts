/** Reads the types of single versions, for catalogs and datasets that are too large to read whole. */

import { type CatalogClient, CatalogError } from '../../packages/client/src/client.ts'
import type { AssetType } from '../../src/api/asset-types.ts'
import { inOrder } from './asset-type.ts'

const AT_A_TIME = 4

/** A version, or `latest`. */
export type OfVersion = { dataset: string; version: string }

const known = new WeakMap<CatalogClient, VersionTypes>()

/** Those read by a client, whoever asked. */
export function versionTypesOf(client: CatalogClient): VersionTypes {
  const types = known.get(client) ?? new VersionTypes(client)
  known.set(client, types)
  return types
}

export class VersionTypes {
  #client: CatalogClient
  #known = new Map<string, readonly AssetType[]>()
  #running = 0
  #waiting: (() => void)[] = []

  constructor(client: CatalogClient) {
    this.#client = client
  }

  get({ dataset, version }: OfVersion): readonly AssetType[] | undefined {
    return this.#known.get(`${dataset}/${version}`)
  }

  /** Sends a few requests at a time, and none if it is aborted while it waits for its turn. */
  async load(of: OfVersion, signal: AbortSignal): Promise<readonly AssetType[]> {
    while (this.#running >= AT_A_TIME) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    }
    this.#running++
    try {
      signal.throwIfAborted()
      const types = this.get(of) ?? (await this.#read(of, signal))
      this.#known.set(`${of.dataset}/${of.version}`, types)
      return types
    } finally {
      this.#running--
      this.#waiting.shift()?.()
    }
  }

  async #read(of: OfVersion, signal: AbortSignal): Promise<readonly AssetType[]> {
    try {
      const { assets } = await this.#client.getVersion(of, { signal })
      return inOrder(assets.map(([type]) => type))
    } catch (error) {
      // There is no such version, such as none that is flagged latest, or it has more assets than one answer holds.
      const isAnswer = error instanceof CatalogError && [404, 422].includes(error.status)
      if (isAnswer) return []
      throw error
    }
  }
}
