/** How many bytes an asset takes in a response, in SQL. */

import { type SQL, sql } from 'drizzle-orm'
import { bandSchema, fieldSchema } from '../api/metadata.ts'

/**
 * Upper bound of the bytes that the response adds to a list element that plain SQL wrote: missing
 * keys are added, and values of the wrong type become null.
 */
const ADDED_BYTES = 150

/** The most bytes that the metadata of an asset takes. */
export const metadataBytes = sql.join(
  [
    sql`octet_length(metadata::text)`,
    addedBytes('tags', '@.type() != "string"'),
    addedBytes('fields', lacksKeys(fieldSchema.shape)),
    addedBytes('bands', lacksKeys(bandSchema.shape)),
  ],
  sql` + `,
)

/**
 * The most bytes that an asset takes in a response: 512 for all other keys and values, and six for
 * each byte of the URI, which can be a control character that JSON escapes.
 */
export const assetBytes = sql`(512 + octet_length(dataset) + 6 * octet_length(asset_uri) + metadata_bytes)`

/** The bytes that the response may add to the elements of a list that match a path predicate. */
function addedBytes(list: string, predicate: string): SQL {
  // Strict mode does not unwrap arrays in the list; `true` suppresses the error if there is no list.
  const path = `strict $.${list}[*] ? (@.type() != "null" && ${predicate})`
  return sql.raw(
    `${ADDED_BYTES} * jsonb_array_length(jsonb_path_query_array(metadata, '${path}', '{}', true))`,
  )
}

/** True if a key is missing: in strict mode, `exists` is then unknown, not false. */
function lacksKeys(shape: object): string {
  const keys = Object.keys(shape).map((key) => `exists(@.${key})`)
  return `(${keys.join(' && ')}) is unknown`
}
