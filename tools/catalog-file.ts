/**
 * Catalogue files: JSON as the API answers it (`{"data": [asset, …]}` or one asset), an array of
 * assets, or NDJSON with one asset a line.
 */

import { readFile } from 'node:fs/promises'
import { type CatalogItem, type ItemFault, parseItem } from './catalog-item.ts'
import { CommandError } from './command-line.ts'
import { elementLines } from './json-lines.ts'

/** A fault of a file; `line` is where its item starts, from 1. */
export interface Fault extends ItemFault {
  line: number
}

/** Everything that is wrong with a file, one line each. */
export class CatalogFileError extends CommandError {
  readonly faults: Fault[]

  constructor(path: string, faults: Fault[]) {
    const lines = faults.map(
      ({ line, field, reason }) => `  line ${line}: ${field ? `${field}: ` : ''}${reason}`,
    )
    const count = faults.length === 1 ? '1 fault' : `${faults.length} faults`
    super([`${path}: ${count}, nothing was written`, ...lines].join('\n'))
    this.faults = faults
  }
}

/** Reads a catalogue file; throws a CatalogFileError with all its faults, or why it is unreadable. */
export async function readCatalogFile(path: string): Promise<CatalogItem[]> {
  const bytes = await readFile(path).catch((error) => {
    throw new CommandError(`${path} cannot be read: ${error.code}`)
  })
  const { values, faults } = readValues(decode(bytes, path))
  const items: CatalogItem[] = []
  const seen = new Seen()
  for (const { value, line } of values) {
    const parsed = parseItem(value)
    if ('item' in parsed) {
      items.push(parsed.item)
      faults.push(...seen.add(parsed.item, line))
    } else {
      faults.push(...parsed.faults.map((fault) => ({ line, ...fault })))
    }
  }
  if (faults.length > 0)
    throw new CatalogFileError(
      path,
      faults.sort((a, b) => a.line - b.line),
    )
  return items
}

interface Value {
  value: unknown
  line: number
}

function decode(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new CommandError(`${path} is not UTF-8 text`)
  }
}

function readValues(text: string): { values: Value[]; faults: Fault[] } {
  const lines = text.split('\n')
  const first = lines.find((line) => line.trim() !== '')?.trim() ?? ''
  const isNdjson = first.startsWith('{') && first.endsWith('}')
  try {
    const document: unknown = JSON.parse(text)
    const data = document instanceof Object && 'data' in document ? document.data : document
    const starts = elementLines(text)
    const values = (Array.isArray(data) ? data : [data]).map((value, index) => ({
      value,
      line: starts[index] ?? 1,
    }))
    return { values, faults: [] }
  } catch {
    return isNdjson ? readNdjson(lines) : { values: [], faults: [syntaxFault(lines)] }
  }
}

function readNdjson(lines: string[]): { values: Value[]; faults: Fault[] } {
  const values: Value[] = []
  const faults: Fault[] = []
  for (const [index, text] of lines.entries()) {
    if (text.trim() === '') continue
    try {
      values.push({ value: JSON.parse(text), line: index + 1 })
    } catch {
      faults.push({ line: index + 1, field: '', reason: 'is not JSON' })
    }
  }
  return { values, faults }
}

/** The first line up to which the text is not the start of a JSON text. */
function syntaxFault(lines: string[]): Fault {
  let valid = 0
  let invalid = lines.length
  while (invalid - valid > 1) {
    const middle = Math.floor((valid + invalid) / 2)
    if (mayGoOn(lines.slice(0, middle).join('\n'))) valid = middle
    else invalid = middle
  }
  return { line: invalid, field: '', reason: 'is not JSON' }
}

/** V8 finds nothing wrong with a text that may go on, but at its end. */
function mayGoOn(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch (error) {
    const position = /at position (\d+)/.exec(String(error))?.[1]
    return position === undefined
      ? String(error).includes('Unexpected end')
      : Number(position) >= text.length
  }
}

/** What was met in a file before: no asset comes twice, a dataset has one latest version. */
class Seen {
  readonly #uris = new Map<string, number>()
  readonly #ids = new Map<string, number>()
  readonly #latest = new Map<string, { version: string; line: number }>()
  readonly #flags = new Map<string, { isLatest: boolean; line: number }>()

  add(item: CatalogItem, line: number): Fault[] {
    const faults: Fault[] = []
    const uriLine = keepFirst(this.#uris, item.asset_uri, line)
    if (uriLine !== line)
      faults.push({ line, field: 'asset_uri', reason: `is that of line ${uriLine}` })
    const idLine = item.asset_id ? keepFirst(this.#ids, item.asset_id, line) : line
    if (idLine !== line)
      faults.push({ line, field: 'asset_id', reason: `is that of line ${idLine}` })
    const { is_latest: isLatest, dataset, version } = item
    if (isLatest === undefined) return faults
    const flag = keepFirst(this.#flags, `${dataset} ${version}`, { isLatest, line })
    if (flag.isLatest !== isLatest) {
      faults.push({
        line,
        field: 'is_latest',
        reason: `line ${flag.line} says ${flag.isLatest} of ${version}`,
      })
    } else if (isLatest) {
      const latest = keepFirst(this.#latest, dataset, { version, line })
      if (latest.version !== version) {
        faults.push({
          line,
          field: 'is_latest',
          reason: `line ${latest.line} says that ${latest.version} is the latest`,
        })
      }
    }
    return faults
  }
}

function keepFirst<T>(map: Map<string, T>, key: string, value: T): T {
  const first = map.get(key) ?? value
  map.set(key, first)
  return first
}
