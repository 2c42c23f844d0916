/** Values of rows, checked and in the shape of the wire. */

import { completeMetadata } from '../api/metadata.ts'
import type { Asset } from '../api/resource.ts'
import type { AssetRow } from './page-statement.ts'

/** Stored pages are named after it, so nothing else may pass. */
export function validRevision(value: unknown): string {
  const revision = `${value}`
  if (!/^[0-9a-f-]{36}$/.test(revision)) throw new Error('no revision')
  return revision
}

/** The driver returns int8 as text. */
export function validCount(value: unknown): number {
  const count = Number.parseInt(`${value}`, 10)
  if (Number.isNaN(count)) throw new Error('no count')
  return count
}

/** A row in the shape of the wire. */
export function toAsset(row: AssetRow): Asset {
  const metadata = completeMetadata(row.asset_type, row.metadata)
  // Boundary: `completeMetadata` returns the metadata of the row's type.
  return { ...row, asset_type: row.asset_type satisfies Asset['asset_type'], metadata } as Asset
}
