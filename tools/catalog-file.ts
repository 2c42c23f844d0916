/**
 * Catalog files: JSON as the API answers it (`{"data": [asset, …]}` or one asset), an array of
 * assets, or NDJSON with one asset a line.
 */

import { readFile } from 'node:fs/promises'
import { SeenItems } from './catalog-duplicates.ts'
import { type CatalogItem, type ItemFault, parseItem } from './catalog-item.ts'
import { CommandError } from './command-line.ts'
import { elementLines, JsonFault } from './json-text.ts'

/** An item and the line where it starts, from 1. */
export type FileItem = CatalogItem & { line: number }

/** A fault of a file; `line` is where its item starts, or, with a column, where the fault is. */
export interface Fault extends ItemFault {
  line: number
  column?: number
}

/** Everything that is wrong with a file, one line each. */
export class CatalogFileError extends CommandError {
  readonly faults: Fault[]

  constructor(path: string, faults: Fault[]) {
    const count = faults.length === 1 ? '1 fault' : `${faults.length} faults`
    super([`${path}: ${count}, nothing was written`, ...faults.map(faultText)].join('\n'))
    this.faults = faults
  }
}

function faultText({ line, column, field, reason }: Fault): string {
  const place = column === undefined ? `line ${line}` : `line ${line}, column ${column}`
  return `  ${place}: ${field ? `${field}: ` : ''}${reason}`
}

/** Reads a catalog file; throws a CatalogFileError with all its faults, or why it is unreadable. */
export async function readCatalogFile(path: string): Promise<FileItem[]> {
  const bytes = await readFile(path).catch((error) => {
    throw new CommandError(`${path} cannot be read: ${error.code}`)
  })
  const { values, faults } = readValues(decode(bytes, path))
  const items: FileItem[] = []
  const seen = new SeenItems()
  for (const { value, line } of values) {
    const parsed = parseItem(value)
    const itemFaults = 'item' in parsed ? seen.add(parsed.item, line) : parsed.faults
    faults.push(...itemFaults.map((fault) => ({ line, ...fault })))
    if ('item' in parsed) items.push({ ...parsed.item, line })
  }
  if (faults.length === 0) return items
  throw new CatalogFileError(
    path,
    faults.sort((a, b) => a.line - b.line),
  )
}

interface Value {
  value: unknown
  line: number
}

function decode(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    const isTooLong =
      error instanceof Error && 'code' in error && error.code === 'ERR_STRING_TOO_LONG'
    throw new CommandError(`${path} is ${isTooLong ? 'longer than 512 MB' : 'not UTF-8 text'}`)
  }
}

function readValues(text: string): { values: Value[]; faults: Fault[] } {
  try {
    const document = parseJson(text)
    const data = document instanceof Object && 'data' in document ? document.data : document
    const lines = elementLines(text)
    const values = (Array.isArray(data) ? data : [data]).map((value, index) => ({
      value,
      line: lines[index] ?? 1,
    }))
    return { values, faults: [] }
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error
    const lines = text.split('\n')
    const first = lines.find((line) => line.trim() !== '')?.trim() ?? ''
    if (first.startsWith('{') && first.endsWith('}')) return readNdjson(lines)
    return { values: [], faults: [jsonFault(error)] }
  }
}

function readNdjson(lines: string[]): { values: Value[]; faults: Fault[] } {
  const values: Value[] = []
  const faults: Fault[] = []
  for (const [index, text] of lines.entries()) {
    if (text.trim() === '') continue
    try {
      values.push({ value: parseJson(text), line: index + 1 })
    } catch (error) {
      if (!(error instanceof JsonFault)) throw error
      faults.push({ ...jsonFault(error), line: index + 1 })
    }
  }
  return { values, faults }
}

/** Throws a JsonFault if the text is not JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    elementLines(text)
    // A text that the other parser takes.
    throw new JsonFault('is not JSON', 0, 0)
  }
}

function jsonFault({ message, line, column }: JsonFault): Fault {
  return { line, column, field: '', reason: message }
}
