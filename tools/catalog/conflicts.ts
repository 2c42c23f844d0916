/** Conflicts between the items of an import and stored assets. */

import type pg from 'pg'
import { CommandError } from '../command-line.ts'
import { itemName } from './duplicates.ts'

const MAX_SHOWN = 20

/**
 * Throws a CommandError that names the items of `import_items` whose URI or derived id belongs to
 * another stored asset, unless that asset gets another URI in the same import.
 */
export async function checkConflicts(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ name: string; reason: string; count: number }>(
    SELECT_CONFLICTS,
    [MAX_SHOWN],
  )
  const count = rows[0]?.count ?? 0
  if (count === 0) return
  const shown = rows.map(({ name, reason }) => `  ${name}: asset_uri: ${reason}`)
  if (shown.length < count) shown.push('  …')
  const conflicts = count === 1 ? '1 conflict' : `${count} conflicts`
  throw new CommandError([`${conflicts} with stored assets`, ...shown].join('\n'))
}

/**
 * `holder` has the item's URI, `mover` is the item that changes it, and `namesake` is the stored
 * asset with the id that a new asset would get.
 */
const SELECT_CONFLICTS = `
  SELECT ${itemName('item')} AS name, count(*) OVER ()::int AS count, CASE
      WHEN namesake.asset_id IS NOT NULL THEN format('the id derived from it, %s, is that of the '
        'stored asset with the asset_uri %s', item.derived_id, namesake.asset_uri)
      WHEN mover.asset_id IS NOT NULL THEN format('is that of the stored asset %s, which %s '
        'changes', holder.asset_id, ${itemName('mover')})
      ELSE format('is that of the stored asset %s', holder.asset_id)
    END AS reason
  FROM import_items AS item
  LEFT JOIN assets AS holder ON holder.asset_uri = item.asset_uri
  LEFT JOIN import_items AS mover ON mover.asset_id = holder.asset_id
  LEFT JOIN assets AS namesake ON namesake.asset_id = item.derived_id
    AND item.asset_id IS NULL AND holder.asset_id IS NULL
  WHERE CASE
    WHEN holder.asset_id IS NULL THEN namesake.asset_id IS NOT NULL
    WHEN item.asset_id IS NULL THEN mover.asset_id IS NOT NULL
    ELSE holder.asset_id <> item.asset_id AND mover.asset_id IS NULL
  END
  ORDER BY item.position LIMIT $1`
