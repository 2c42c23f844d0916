/** Line numbers in JSON text, which `JSON.parse` does not report. */

import { printParseErrorCode, visit } from 'jsonc-parser'

/** The parsers here and in Postgres recurse. */
export const MAX_DEPTH = 100

export const TOO_DEEP = `is nested more than ${MAX_DEPTH} levels deep`

/** A syntax error; line and column are 1-based. */
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
 * Returns the 1-based first lines of the elements of `data` or of a top-level array, or of the
 * document if it has neither. Throws a JsonFault if the text is not JSON or is nested too deep.
 */
export function elementLines(text: string): number[] {
  let lines: number[] = []
  let depth = 0
  /** The depth of the elements; 0 outside of the list. */
  let listDepth = 0
  let isData = true

  function onValue(line: number): void {
    if (depth === listDepth) lines.push(line + 1)
    // The document, or its `data`, which may be a single asset.
    if (isData) lines = [line + 1]
  }
  function onBegin(line: number, column: number): void {
    onValue(line)
    depth += 1
    if (depth > MAX_DEPTH) throw new JsonFault(TOO_DEEP, line, column)
    isData = false
  }
  function onEnd(): void {
    // So that a later list of the same depth is not mistaken for this one.
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

/** Turns the code `ValueExpected` at `]` into `value expected at "]"`. */
function faultText(code: number, found: string): string {
  const words = printParseErrorCode(code)
    .replace(/\B[A-Z]/g, ' $&')
    .toLowerCase()
  if (found === '') return `${words} at the end`
  return `${words} at ${JSON.stringify(found.length > MAX_SHOWN ? `${found.slice(0, MAX_SHOWN)}…` : found)}`
}
