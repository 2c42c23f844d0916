/** An asset type, with a color for what one does with it. */

import type { AssetType } from '../../src/api/asset-types.ts'
import { kindOf } from '../asset/asset-type.ts'

export function TypeBadge({ type }: { type: AssetType }) {
  return <span class={`badge ${kindOf(type)}`}>{type}</span>
}
