/**
 * Reads catalog files: NDJSON (one asset a line) as a stream, JSON (a response of the API, an array
 * of assets or one asset) as a whole.
 */

import { type FileHandle, open } from 'node:fs/promises'
import { CommandError } from '../command-line.ts'
import { type CatalogItem, type ItemFault, parseItem } from './item.ts'
import { elementLines, JsonFault } from './json-text.ts'

/** An item and the line where it starts, from 1. */
export type FileItem = CatalogItem & { line: number }

/** `line` is the first line of the item or, together with `column`, the place of the fault. */
export interface Fault extends ItemFault {
  line: number
  column?: number
}

export type FileEntry = FileItem | { faults: Fault[] }

export interface CatalogFile extends AsyncDisposable {
  /** In bytes; 0 for a pipe. */
  size: number
  /**
   * Reads the file once, in the order of its lines. Throws a CommandError if it cannot be read.
   *
   * @param onRead receives the number of bytes read so far
   */
  entries(onRead?: (bytes: number) => void): AsyncGenerator<FileEntry>
}

/** Throws a CommandError if the file cannot be opened. */
export async function openCatalogFile(path: string): Promise<CatalogFile> {
  const handle = await open(path).catch((error) => {
    throw readError(error, path)
  })
  return {
    size: (await handle.stat()).size,
    async *entries(onRead = () => {}) {
      try {
        yield* readEntries(readLines(handle, onRead))
      } catch (error) {
        throw readError(error, path)
      }
    },
    [Symbol.asyncDispose]: () => handle.close(),
  }
}

function readError(error: unknown, path: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA')
    return new CommandError(`${path} is not UTF-8 text`)
  // V8's limit for the length of a string.
  if (error instanceof RangeError && error.message === 'Invalid string length') {
    return new CommandError(
      `${path} has JSON longer than 512 MB: write it as NDJSON, an asset a line`,
    )
  }
  return code === undefined ? error : new CommandError(`${path} cannot be read: ${code}`)
}

/** Unlike `node:readline`, does not split at U+2028 and U+2029, which JSON allows in strings. */
async function* readLines(
  handle: FileHandle,
  onRead: (bytes: number) => void,
): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let bytes = 0
  let rest = ''
  for await (const chunk of handle.createReadStream({ autoClose: false })) {
    const [first = '', ...others] = decoder.decode(chunk, { stream: true }).split('\n')
    // Split the chunk only, since `rest` may be a long document on one line.
    rest += first
    for (const line of others) {
      yield rest
      rest = line
    }
    bytes += chunk.length
    onRead(bytes)
  }
  yield rest + decoder.decode()
}

async function* readEntries(lines: AsyncGenerator<string>): AsyncGenerator<FileEntry> {
  const head: string[] = []
  const texts: string[] = []
  while (texts.length < 2) {
    const { value, done } = await lines.next()
    if (done) break
    head.push(value)
    if (value.trim() !== '') texts.push(value.trim())
  }
  const all = concat(head, lines)
  yield* isNdjson(texts) ? readNdjson(all) : readDocument(await joinLines(all))
}

/** NDJSON if the first line is a complete object and another line follows it. */
function isNdjson([first = '', second]: string[]): boolean {
  if (second === undefined || !first.startsWith('{') || !first.endsWith('}')) return false
  return second.startsWith('{') || isJson(first)
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

async function* concat(head: string[], lines: AsyncGenerator<string>): AsyncGenerator<string> {
  yield* head
  yield* lines
}

async function joinLines(lines: AsyncGenerator<string>): Promise<string> {
  let text = ''
  let separator = ''
  for await (const line of lines) {
    text += separator + line
    separator = '\n'
  }
  return text
}

function* readDocument(text: string): Generator<FileEntry> {
  let document: unknown
  let lines: number[]
  try {
    document = parseJson(text)
    lines = elementLines(text)
  } catch (error) {
    yield jsonFault(error, 1)
    return
  }
  const data = document instanceof Object && 'data' in document ? document.data : document
  for (const [index, value] of (Array.isArray(data) ? data : [data]).entries()) {
    yield entryOf(value, lines[index] ?? 1)
  }
}

async function* readNdjson(lines: AsyncGenerator<string>): AsyncGenerator<FileEntry> {
  let number = 0
  for await (const text of lines) {
    number += 1
    if (text.trim() === '') continue
    let value: unknown
    try {
      value = parseJson(text)
    } catch (error) {
      yield jsonFault(error, number)
      continue
    }
    yield entryOf(value, number)
  }
}

function entryOf(value: unknown, line: number): FileEntry {
  const parsed = parseItem(value)
  if ('item' in parsed) return { ...parsed.item, line }
  return { faults: parsed.faults.map((fault) => ({ line, ...fault })) }
}

/** Throws a JsonFault if the text is not JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    elementLines(text)
    // Only `JSON.parse` rejects the text.
    throw new JsonFault('is not JSON', 0, 0)
  }
}

/** @param firstLine the line of the file where the text begins */
function jsonFault(error: unknown, firstLine: number): { faults: Fault[] } {
  if (!(error instanceof JsonFault)) throw error
  const { message, line, column } = error
  return { faults: [{ line: line + firstLine - 1, column, field: '', reason: message }] }
}
