/** An asset type, with a color for what one does with it. */

import type { AssetType } from '../../src/api/asset-types.ts'
import { kindOf } from '../asset/asset-type.ts'

/** `count` is the number of assets of the type, shown if there are several. */
export function TypeBadge({ type, count = 1 }: { type: AssetType; count?: number }) {
  return (
    <span class={`badge ${kindOf(type)}`}>
      {type}
      {count > 1 && <b> {count}</b>}
    </span>
  )
}
