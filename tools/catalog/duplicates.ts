/** Contradictions between the items of one import. */

import type pg from 'pg'

export interface FaultLine {
  /** 0 if the items are not from a file. */
  line: number
  text: string
}

/** SQL for the name of an item of `import_items` in messages. */
export function itemName(alias: string): string {
  return `coalesce('line ' || ${alias}.line, ${alias}.asset_uri)`
}

/** Finds repeated assets, and datasets with several latest versions; returns at most `limit`. */
export async function findDuplicates(
  client: pg.Client,
  limit: number,
): Promise<{ count: number; faults: FaultLine[] }> {
  const { rows } = await client.query<FaultLine & { count: number }>(SELECT_DUPLICATES, [limit])
  const faults = rows.map(({ line, text }) => ({ line, text }))
  return { count: rows[0]?.count ?? 0, faults }
}

/** Each item is compared with the first one of the same URI, id, version or dataset. */
const SELECT_DUPLICATES = `
  WITH by_uri AS (
    SELECT position, line, ${itemName('item')} AS name, asset_id, derived_id, dataset, version,
      is_latest, row_number() OVER same AS number, first_value(${itemName('item')}) OVER same AS first
    FROM import_items AS item
    WINDOW same AS (PARTITION BY derived_id ORDER BY position)
  ), by_id AS (
    SELECT position, line, name, asset_id, derived_id,
      row_number() OVER same AS number, first_value(name) OVER same AS first,
      first_value(asset_id IS NULL) OVER same AS is_first_derived
    FROM by_uri WHERE number = 1
    WINDOW same AS (PARTITION BY coalesce(asset_id, derived_id) ORDER BY position)
  ), by_version AS (
    SELECT position, line, name, dataset, version, is_latest,
      first_value(name) OVER same AS first, first_value(is_latest) OVER same AS first_flag
    FROM by_uri WHERE number = 1 AND is_latest IS NOT NULL
    WINDOW same AS (PARTITION BY dataset, version ORDER BY position)
  ), by_dataset AS (
    SELECT position, line, name, version,
      first_value(name) OVER same AS first, first_value(version) OVER same AS first_version
    FROM by_version WHERE is_latest AND first_flag
    WINDOW same AS (PARTITION BY dataset ORDER BY position)
  ), duplicates AS (
    SELECT position, line, name, 'asset_uri' AS field, format('is that of %s', first) AS reason
    FROM by_uri WHERE number > 1
    UNION ALL
    SELECT position, line, name, 'asset_uri',
      format('the id derived from it, %s, is that of %s', derived_id, first)
    FROM by_id WHERE number > 1 AND asset_id IS NULL
    UNION ALL
    SELECT position, line, name, 'asset_id', format('is that of %s%s', first,
      CASE WHEN is_first_derived THEN ', derived from its asset_uri' END)
    FROM by_id WHERE number > 1 AND asset_id IS NOT NULL
    UNION ALL
    SELECT position, line, name, 'is_latest',
      format('%s says %s of %s', first, first_flag::text, version)
    FROM by_version WHERE is_latest <> first_flag
    UNION ALL
    SELECT position, line, name, 'is_latest',
      format('%s says that %s is the latest', first, first_version)
    FROM by_dataset WHERE version <> first_version
  )
  SELECT coalesce(line, 0) AS line, format('%s: %s: %s', name, field, reason) AS text,
    count(*) OVER ()::int AS count
  FROM duplicates ORDER BY position, field LIMIT $1`
