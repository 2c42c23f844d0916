/** Helpers of the tests of the client, with a stubbed `fetch` and with the Worker. */

import { type Asset, CatalogError } from '../../packages/client/src/client.ts'

export async function idsOf(assets: AsyncIterable<Asset>): Promise<string[]> {
  const ids: string[] = []
  for await (const asset of assets) ids.push(asset.asset_id)
  return ids
}

/** The error that a request of the client rejects with; throws if it resolves, or rejects with another. */
export function errorOf(promise: Promise<unknown>): Promise<CatalogError> {
  return promise.then(
    () => {
      throw new Error('it did not reject')
    },
    (error) => {
      if (error instanceof CatalogError) return error
      throw error
    },
  )
}
