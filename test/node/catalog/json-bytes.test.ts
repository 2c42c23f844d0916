import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { importCatalog } from '../../../tools/catalog/import.ts'
import { parseItem } from '../../../tools/catalog/item.ts'
import { jsonbBytes } from '../../../tools/catalog/json-bytes.ts'
import { connectToPrepared } from '../../harness/prepared-client.ts'

const { postgres, client } = await connectToPrepared('migrated')

async function bytesInPostgres(value: unknown): Promise<number> {
  const { rows } = await client.query('SELECT octet_length($1::jsonb::text) AS bytes', [
    JSON.stringify(value),
  ])
  return rows[0].bytes
}

describe('jsonbBytes matches Postgres', () => {
  it.each([
    null,
    true,
    -0,
    0.1,
    -1e21,
    1.5e300,
    -1.25e-7,
    5e-324,
    Number.MAX_SAFE_INTEGER,
    'é€😀"\\\n\u0001\u007f',
    [],
    {},
    { a: [1, { b: null }, []], é: '' },
  ])('for %j', async (value) => {
    expect(jsonbBytes(value)).toBe(await bytesInPostgres(value))
  })

  it('for any JSON value', async () => {
    const value = fc.jsonValue({ noUnicodeString: false }).filter((json) => {
      const text = JSON.stringify(json)
      return !text.includes('\\u0000') && !/\\ud[89a-f]/.test(text)
    })
    await fc.assert(
      fc.asyncProperty(value, async (json) => {
        expect(jsonbBytes(json)).toBe(await bytesInPostgres(json))
      }),
      { numRuns: 200 },
    )
  })
})

describe('metadata of 1 MiB', () => {
  const ID = '497f6eca-6276-4993-bfeb-53cbbbba6f08'
  /** When complete, takes 76 bytes besides the text. */
  const item = (text: string, id?: string) => ({
    dataset: 'umd_loss',
    version: 'v1.8',
    asset_type: 'csv',
    asset_uri: 's3://a',
    metadata: { tags: [text], ...(id && { id }) },
  })
  const REST = 1024 * 1024 - 76

  it.each([
    ['with an id', 'x'.repeat(REST), ID],
    ['without an id, which an import adds', 'x'.repeat(REST), undefined],
    ['of two-byte characters', 'é'.repeat(REST / 2), undefined],
    ['of quotes', '"'.repeat(REST / 2), undefined],
  ])('%s is imported; one more byte is refused', async (_, text, id) => {
    await client.query('TRUNCATE assets, versions')
    const parsed = parseItem(item(text, id))
    if (!('item' in parsed)) throw new Error(JSON.stringify(parsed.faults))
    await importCatalog(postgres.url, [parsed.item])
    const { rows } = await client.query('SELECT metadata_bytes FROM assets')
    expect(rows).toEqual([{ metadata_bytes: 1048576 }])

    expect(parseItem(item(`${text}x`, id))).toEqual({
      faults: [
        {
          field: 'metadata',
          reason: 'takes 1048577 bytes of JSON in the database; the limit is 1048576',
        },
      ],
    })
  })
})
