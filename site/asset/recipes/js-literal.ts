/** Writes a JSON value as JavaScript, the way Prettier does: short objects on one line. */

const MAX_WIDTH = 80
const IDENTIFIER = /^[A-Za-z_$][\w$]*$/

/**
 * `indent` is that of the line on which the value begins. The result is also safe in an HTML `<script>`
 * element. Properties that are undefined are left out.
 */
export function toJs(value: unknown, indent = ''): string {
  if (typeof value === 'string') return quoted(value)
  if (typeof value !== 'object' || value === null) return `${value}`
  const isArray = Array.isArray(value)
  const inner = `${indent}  `
  const parts = Object.entries(value)
    .filter(([, part]) => part !== undefined)
    .map(([name, part]) => (isArray ? '' : `${toKey(name)}: `) + toJs(part, inner))
  const [open, close, space] = isArray ? ['[', ']', ''] : ['{', '}', ' ']
  if (parts.length === 0) return open + close
  const line = `${open}${space}${parts.join(', ')}${space}${close}`
  const fits = indent.length + line.length <= MAX_WIDTH && !line.includes('\n')
  if (fits) return line
  return `${open}\n${parts.map((part) => `${inner}${part},\n`).join('')}${indent}${close}`
}

function toKey(name: string): string {
  return IDENTIFIER.test(name) ? name : quoted(name)
}

function quoted(text: string): string {
  const escaped = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")
  return `'${escaped.replaceAll('<', '\\x3C')}'`
}
