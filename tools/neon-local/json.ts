/**
 * Converts values between JSON and Postgres' text format as Neon's proxy does
 * (neondatabase/neon, proxy/src/serverless/json.rs).
 */

import pg from 'pg'

/** The Postgres text of a JSON parameter; a JSON array becomes an array literal. */
export function parameterText(value: unknown): string | null {
  if (value === null || value === undefined) return null
  if (typeof value === 'string') return value
  return Array.isArray(value) ? arrayText(value) : JSON.stringify(value)
}

/** Returns the parser for a type: booleans, small numbers, json and arrays, unless `rawText`. */
export function valueParser(oid: number, rawText: boolean): (text: string) => unknown {
  if (rawText) return asText
  const scalar = SCALAR_PARSERS.get(oid)
  if (scalar) return scalar
  const element = ARRAY_ELEMENTS.get(oid)
  return element === undefined ? asText : arrayParser(SCALAR_PARSERS.get(element) ?? asText)
}

function arrayText(values: unknown[]): string {
  return `{${values.map(elementText).join(',')}}`
}

function elementText(value: unknown): string {
  if (value === null) return 'NULL'
  if (Array.isArray(value)) return arrayText(value)
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return `"${text.replace(/["\\]/g, '\\$&')}"`
}

const { builtins } = pg.types

const SCALAR_PARSERS = new Map<number, (text: string) => unknown>([
  [builtins.BOOL, (text) => text === 't'],
  [builtins.INT2, Number],
  [builtins.INT4, Number],
  [builtins.FLOAT4, parseFloat8],
  [builtins.FLOAT8, parseFloat8],
  [builtins.JSON, parseJson],
  [builtins.JSONB, parseJson],
])

/** Element types by the oid of the array type, for which pg has no names. */
const ARRAY_ELEMENTS = new Map<number, number>([
  [199, builtins.JSON],
  [1000, builtins.BOOL],
  [1005, builtins.INT2],
  [1007, builtins.INT4],
  [1009, builtins.TEXT],
  [1014, builtins.BPCHAR],
  [1015, builtins.VARCHAR],
  [1016, builtins.INT8],
  [1021, builtins.FLOAT4],
  [1022, builtins.FLOAT8],
  [1115, builtins.TIMESTAMP],
  [1182, builtins.DATE],
  [1185, builtins.TIMESTAMPTZ],
  [1231, builtins.NUMERIC],
  [2951, builtins.UUID],
  [3807, builtins.JSONB],
])

function arrayParser(parse: (text: string) => unknown): (text: string) => unknown {
  // Boundary: pg's types lack the oid of `text[]`.
  const parseTextArray = pg.types.getTypeParser(1009 as typeof builtins.TEXT)
  const parseElement = (element: unknown): unknown => {
    if (Array.isArray(element)) return element.map(parseElement)
    return typeof element === 'string' ? parse(element) : null
  }
  // Neon's parser reads an element after the brace: an empty text array becomes `['']`.
  return (text) => (text === '{}' && parse === asText ? [''] : parseElement(parseTextArray(text)))
}

function asText(text: string): string {
  return text
}

/** NaN and infinities stay text, since JSON has neither. */
function parseFloat8(text: string): number | string {
  const value = Number(text)
  return Number.isFinite(value) ? value : text
}

function parseJson(text: string): unknown {
  return JSON.parse(text)
}
