/** Where the elements of a JSON document's list start, which `JSON.parse` does not tell. */

/** A string, a bracket or separator, a newline, or any other scalar. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:\n]|[^\s{}[\],:"]+/g

/**
 * The lines (from 1) of the elements of `data` in a valid JSON text, or of the whole document
 * where it has none; of one that is no list, its own line.
 */
export function elementLines(text: string): number[] {
  let lines: number[] = []
  let line = 1
  let depth = 0
  let key = ''
  let previous = ''
  /** The depth of the list's elements; what comes next at it, after `[` or `,`, is an element. */
  let listDepth: number | undefined
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === '\n') {
      line += 1
      continue
    }
    const isData = depth === 1 && previous === ':' && key === '"data"'
    if (isData || previous === '') {
      listDepth = token === '[' ? depth + 1 : undefined
      lines = token === '[' ? [] : [line]
    } else if (depth === listDepth && (previous === '[' || previous === ',') && token !== ']') {
      lines.push(line)
    }
    if (token === ':' && depth === 1) key = previous
    if (token === '{' || token === '[') depth += 1
    if (token === '}' || token === ']') depth -= 1
    // A list that has ended must not be taken for one of the same depth after it.
    if (listDepth !== undefined && depth < listDepth) listDepth = undefined
    previous = token
  }
  return lines
}
