/** The status of an asset, unless it is `saved`, as nearly all are. */

import type { Asset } from '../../packages/client/src/client.ts'

export function StatusBadge({ status }: Pick<Asset, 'status'>) {
  return status === 'saved' ? null : <span class={`badge ${status}`}>{status}</span>
}
