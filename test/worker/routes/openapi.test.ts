import { beforeAll, describe, expect, it } from 'vitest'
import { resetCatalog, spyOnNetwork, startIsolate } from '../../harness/worker.ts'

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
type Schema = { [keyword: string]: Json }
type Parameter = { name: string; description?: string; example?: Json; schema: Schema }
type Operation = {
  operationId: string
  summary?: string
  description?: string
  tags?: string[]
  parameters: Parameter[]
  responses: Record<string, unknown>
}
type Document = {
  servers: unknown
  tags: { name: string; description?: string }[]
  paths: Record<string, { get: Operation }>
  components: { schemas: Record<string, Schema> }
}

beforeAll(() => resetCatalog([{}]))

async function get(init?: RequestInit, origin = 'https://api.example'): Promise<Response> {
  return (await startIsolate()).fetch(`${origin}/openapi.json`, init)
}

/** All schemas in a part of the document, however deep, that have the keyword. */
function schemasWith(keyword: string, part: Json): Schema[] {
  if (typeof part !== 'object' || part === null) return []
  const inner = Object.values(part).flatMap((value) => schemasWith(keyword, value))
  return !Array.isArray(part) && keyword in part ? [part, ...inner] : inner
}

const schemaRef = (name: string) => ({ $ref: `#/components/schemas/${name}` })

describe('GET /openapi.json', () => {
  it('needs neither token nor database', async () => {
    const network = spyOnNetwork()
    const response = await get({ headers: { Authorization: '' } })
    expect(response.status).toBe(200)
    expect(network).not.toHaveBeenCalled()
  })

  const ofAnswers = ['200', '304', '401', '403', '405', '422', '429', '503', 'default']
  it.each([
    ['/assets', ofAnswers],
    ['/datasets', ofAnswers],
    [
      '/asset/{asset_id}',
      ['200', '304', '401', '403', '404', '405', '422', '429', '503', 'default'],
    ],
    [
      '/asset/{asset_id}/tilejson.json',
      ['200', '304', '401', '403', '404', '405', '409', '422', '429', '503', 'default'],
    ],
    ['/openapi.json', ['200', '304', '403', '405', 'default']],
    ['/livez', ['200', '403', '405', 'default']],
    ['/readyz', ['200', '403', '405', '503', 'default']],
  ])('describes every status of %s', async (path, statuses) => {
    const { paths } = await (await get()).json<Document>()
    const responses = paths[path]?.get.responses ?? {}
    expect(Object.keys(responses)).toEqual(statuses)
  })

  it.each(['https://api.example', 'https://catalog.example:8443'])(
    'names %s as its server if it is asked there',
    async (origin) => {
      const response = await get({}, origin)
      expect((await response.json<Document>()).servers).toEqual([{ url: origin }])
    },
  )
})

describe('the OpenAPI document, for people and generators of clients,', () => {
  let document: Document
  let operations: Operation[]
  let schemas: Document['components']['schemas']

  beforeAll(async () => {
    document = await (await get()).json<Document>()
    operations = Object.values(document.paths).map((path) => path.get)
    schemas = document.components.schemas
  })

  it('describes every operation, under one tag that is described too', () => {
    const tags = document.tags.filter((tag) => tag.description).map(({ name }) => name)
    const incomplete = operations.filter(
      (operation) =>
        !operation.summary || !operation.description || !tags.includes(`${operation.tags}`),
    )
    expect(incomplete).toEqual([])
  })

  it('has a name of its own for each operation', () => {
    const ids = operations.map(({ operationId }) => operationId)
    expect([...new Set(ids)]).toEqual(ids)
  })

  it('describes every parameter, with an example', () => {
    const incomplete = operations
      .flatMap(({ parameters }) => parameters)
      .filter(({ description, example }) => !description || example === undefined)
    expect(incomplete).toEqual([])
  })

  it('lets clients accept keys that are added later', () => {
    const closed = schemasWith('additionalProperties', schemas)
    expect(closed.filter(({ additionalProperties }) => additionalProperties === false)).toEqual([])
  })

  it('uses no name that means something else to a generator', () => {
    const taken = ['AssetType', 'Error', 'Field', 'Json']
    expect(Object.keys(schemas).filter((name) => taken.includes(name))).toEqual([])
  })

  it.each(['prefixItems', 'propertyNames', 'allOf', 'not', 'patternProperties'])(
    'does without %s',
    (keyword) => {
      expect(schemasWith(keyword, schemas)).toEqual([])
    },
  )

  it('lists the types of a value that may be null, unless it is an object with a name', () => {
    const unions = schemasWith('anyOf', schemas).map(({ anyOf }) => JSON.stringify(anyOf))
    expect(new Set(unions)).toEqual(
      new Set([
        JSON.stringify([
          { type: 'string' },
          { type: 'number', format: 'double' },
          { type: 'null' },
        ]),
        JSON.stringify([schemaRef('Band'), { type: 'null' }]),
        JSON.stringify([schemaRef('MetadataField'), { type: 'null' }]),
      ]),
    )
  })

  it('has no pattern beside a format', () => {
    const both = schemasWith('format', schemas).filter((schema) => 'pattern' in schema)
    expect(both).toEqual([])
  })

  it('has no bounds that only JavaScript has', () => {
    const bounds = ['minimum', 'maximum'].flatMap((keyword) =>
      schemasWith(keyword, schemas).map((schema) => Math.abs(Number(schema[keyword]))),
    )
    expect(Math.max(...bounds)).toBeLessThan(2 ** 31)
  })

  it('has no schema that contains itself', () => {
    const nested = (name: string, within: string[]): string[] =>
      schemasWith('$ref', schemas[name] ?? {}).flatMap(({ $ref }) => {
        const inner = `${$ref}`.replace('#/components/schemas/', '')
        return within.includes(inner) ? [inner] : nested(inner, [...within, inner])
      })
    expect(Object.keys(schemas).flatMap((name) => nested(name, [name]))).toEqual([])
  })

  it('discriminates the variants of assets by their type, each of which is mapped', () => {
    expect(schemas.Asset).toEqual({
      oneOf: [
        schemaRef('TileCacheAsset'),
        schemaRef('TableAsset'),
        schemaRef('RasterTileSetAsset'),
        schemaRef('CogAsset'),
      ],
      discriminator: {
        propertyName: 'asset_type',
        mapping: {
          'Dynamic vector tile cache': '#/components/schemas/TileCacheAsset',
          'Static vector tile cache': '#/components/schemas/TileCacheAsset',
          'Raster tile cache': '#/components/schemas/TileCacheAsset',
          'Raster tile set': '#/components/schemas/RasterTileSetAsset',
          'Database table': '#/components/schemas/TableAsset',
          'Geo database table': '#/components/schemas/TableAsset',
          'ESRI Shapefile': '#/components/schemas/TableAsset',
          Geopackage: '#/components/schemas/TableAsset',
          ndjson: '#/components/schemas/TableAsset',
          csv: '#/components/schemas/TableAsset',
          tsv: '#/components/schemas/TableAsset',
          '1x1 grid': '#/components/schemas/TableAsset',
          COG: '#/components/schemas/CogAsset',
        },
      },
    })
  })

  it('describes a variant and its metadata, whose keys can be missing, by name', () => {
    const time = {
      type: 'string',
      format: 'date-time',
      description: 'RFC 3339 in UTC, to the stored microsecond.',
    }
    const text = { type: 'string' }
    expect(schemas.CogAsset).toEqual({
      type: 'object',
      properties: {
        created_on: time,
        updated_on: time,
        asset_id: { type: 'string', format: 'uuid' },
        dataset: text,
        version: text,
        asset_type: { type: 'string', enum: ['COG'] },
        asset_uri: text,
        status: schemaRef('AssetStatus'),
        is_managed: { type: 'boolean' },
        is_downloadable: { type: 'boolean' },
        metadata: schemaRef('CogMetadata'),
      },
      required: [
        'created_on',
        'updated_on',
        'asset_id',
        'dataset',
        'version',
        'asset_type',
        'asset_uri',
        'status',
        'is_managed',
        'is_downloadable',
        'metadata',
      ],
    })
    expect(schemas.CogMetadata).toEqual({
      type: 'object',
      properties: {
        tags: { type: ['array', 'null'], items: { type: ['string', 'null'] } },
        bands: {
          type: ['array', 'null'],
          items: { anyOf: [schemaRef('Band'), { type: 'null' }] },
        },
        block_size: { type: ['integer', 'null'] },
        resampling: { type: ['string', 'null'] },
        id: { type: ['string', 'null'], format: 'uuid' },
      },
    })
  })

  it.each<[schema: string, key: string, expected: Schema]>([
    ['RasterTileSetMetadata', 'resolution', { type: ['number', 'null'], format: 'double' }],
    ['Band', 'statistics', { type: ['object', 'null'], additionalProperties: true }],
    ['TileJson', 'vector_layers', { type: 'array', items: schemaRef('VectorLayer') }],
    [
      'PageLinks',
      'next',
      { type: 'string', description: 'URL, or `""` at the end of the listing.' },
    ],
    [
      'Fault',
      'loc',
      {
        type: 'array',
        items: { type: 'string' },
        minItems: 2,
        maxItems: 2,
        description: '`query` or `path`, and the name of the parameter.',
      },
    ],
  ])('describes %s.%s', (schema, key, expected) => {
    const { properties } = schemas[schema] as { properties: Record<string, Json> }
    expect(properties[key]).toEqual(expected)
  })
})
