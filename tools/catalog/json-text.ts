/** Positions in a JSON text, which `JSON.parse` does not report. */

import { printParseErrorCode, visit } from 'jsonc-parser'

/** Deeper than any metadata; the parsers here and in Postgres recurse. */
export const MAX_DEPTH = 100

export const TOO_DEEP = `is nested more than ${MAX_DEPTH} levels deep`

/** The first thing wrong with a text; line and column are counted from 1. */
export class JsonFault extends Error {
  readonly line: number
  readonly column: number

  constructor(reason: string, line: number, column: number) {
    super(reason)
    this.line = line + 1
    this.column = column + 1
  }
}

/**
 * Returns the lines (from 1) of the elements of `data`, or of the whole document if it has no such
 * list. Throws a JsonFault if the text is not JSON, or is nested too deep.
 */
export function elementLines(text: string): number[] {
  let lines: number[] = []
  let depth = 0
  /** The depth of the elements, 0 while no list has begun. */
  let listDepth = 0
  let isData = true

  function onValue(line: number): void {
    if (depth === listDepth) lines.push(line + 1)
    // The document itself, or its `data`, which may also be a single asset.
    if (isData) lines = [line + 1]
  }
  function onBegin(line: number, column: number): void {
    onValue(line)
    depth += 1
    if (depth > MAX_DEPTH) throw new JsonFault(TOO_DEEP, line, column)
    isData = false
  }
  function onEnd(): void {
    // A list that has ended must not be taken for one of the same depth after it.
    if (depth === listDepth) listDepth = 0
    depth -= 1
  }
  const visitor = {
    onObjectBegin: (_offset: number, _length: number, line: number, column: number) =>
      onBegin(line, column),
    onArrayBegin(_offset: number, _length: number, line: number, column: number) {
      const isList = isData
      onBegin(line, column)
      if (!isList) return
      listDepth = depth
      lines = []
    },
    onObjectEnd: onEnd,
    onArrayEnd: onEnd,
    onObjectProperty(name: string) {
      isData = depth === 1 && name === 'data'
    },
    onLiteralValue(_value: unknown, _offset: number, _length: number, line: number) {
      onValue(line)
      isData = false
    },
    onError(code: number, offset: number, length: number, line: number, column: number) {
      throw new JsonFault(
        `is not JSON: ${faultText(code, text.substr(offset, length))}`,
        line,
        column,
      )
    },
  }
  visit(text, visitor, { disallowComments: true })
  return lines
}

const MAX_SHOWN = 20

/** `ValueExpected` at `]` is `value expected at "]"`. */
function faultText(code: number, found: string): string {
  const words = printParseErrorCode(code)
    .replace(/\B[A-Z]/g, ' $&')
    .toLowerCase()
  if (found === '') return `${words} at its end`
  return `${words} at ${JSON.stringify(found.length > MAX_SHOWN ? `${found.slice(0, MAX_SHOWN)}…` : found)}`
}
