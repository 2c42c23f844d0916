/** Draws line charts as SVG: readable in light and dark, with text as text. */

export type Chart = {
  title: string
  x: Scale & { name: string; labels: string[] }
  y: Scale
  lines: { name: string; values: number[] }[]
  /** Shows a value of a line. */
  format(value: number): string
}
type Scale = { values: number[]; isLogarithmic: boolean }

const WIDTH = 760
const HEIGHT = 400
/** The area of the lines. Their names are on the right of it. */
const AREA = { left: 80, right: 500, top: 50, bottom: 340 }
const LABEL_HEIGHT = 18

const COLORS = {
  light: ['#0969da', '#bc4c00', '#1a7f37', '#8250df'],
  dark: ['#58a6ff', '#f0883e', '#3fb950', '#bc8cff'],
}

const STYLE = `
text { font: 14px system-ui, sans-serif; fill: #1f2328 }
.title { font-weight: 600 }
.background { fill: #ffffff }
.grid { stroke: #d1d9e0 }
.line { fill: none; stroke: currentColor; stroke-width: 2 }
.point, .name { fill: currentColor }
${colorRules(COLORS.light)}
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 }
.name { fill: currentColor }
.background { fill: #0d1117 }
.grid { stroke: #3d444d }
${colorRules(COLORS.dark)}
}`

function colorRules(colors: string[]): string {
  return colors.map((color, index) => `.c${index} { color: ${color} }`).join('\n')
}

/** @throws {Error} if there are more lines than colors, or values that a logarithm does not have */
export function drawChart({ title, x, y, lines, format }: Chart): string {
  if (lines.length > COLORS.light.length) throw new Error('a chart has at most four lines')
  const xOf = position(x, AREA.left, AREA.right)
  const yOf = position(y, AREA.bottom, AREA.top)
  const center = (AREA.left + AREA.right) / 2
  const gridLines = y.values.map((value) => {
    const at = yOf(value)
    return `<line class="grid" x1="${AREA.left}" x2="${AREA.right}" y1="${at}" y2="${at}"/>
${text(format(value), { x: AREA.left - 8, y: at + 5, anchor: 'end' })}`
  })
  const ticks = x.values.map((value, index) =>
    text(x.labels[index] ?? '', { x: xOf(value), y: AREA.bottom + 22, anchor: 'middle' }),
  )
  const paths = lines.map(({ values }, color) => {
    const points = values.map((value, index) => [xOf(x.values[index] ?? 0), yOf(value)])
    const circles = points.map(([cx, cy]) => `<circle class="point" cx="${cx}" cy="${cy}" r="3"/>`)
    return `<g class="c${color}">
<polyline class="line" points="${points.map(String).join(' ')}"/>
${circles.join('')}
</g>`
  })
  const ends = lines.map(({ values }) => yOf(values.at(-1) ?? 0))
  const names = spread(ends).map((at, color) => {
    const { name = '', values = [] } = lines[color] ?? {}
    return text(`${name}: ${format(values.at(-1) ?? 0)}`, {
      x: AREA.right + 10,
      y: at + 5,
      class: `name c${color}`,
    })
  })
  const parts = [
    `<title>${escapeXml(title)}</title>`,
    `<style>${STYLE}</style>`,
    `<rect class="background" width="${WIDTH}" height="${HEIGHT}"/>`,
    text(title, { x: 16, y: 26, class: 'title' }),
    ...gridLines,
    ...ticks,
    text(x.name, { x: center, y: AREA.bottom + 46, anchor: 'middle' }),
    ...paths,
    ...names,
  ]
  const size = `width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}"`
  return `<svg xmlns="http://www.w3.org/2000/svg" role="img" ${size}>\n${parts.join('\n')}\n</svg>\n`
}

/** Maps values from the scale's smallest and largest to `from` and `to`, rounded to a tenth. */
function position({ values, isLogarithmic }: Scale, from: number, to: number) {
  const scaled = (value: number) => {
    if (isLogarithmic && value <= 0) throw new Error(`${value} has no logarithm`)
    return isLogarithmic ? Math.log10(value) : value
  }
  const least = scaled(Math.min(...values))
  const most = scaled(Math.max(...values))
  return (value: number) =>
    Math.round((from + ((scaled(value) - least) / (most - least)) * (to - from)) * 10) / 10
}

/** Moves heights apart, so that labels at them do not overlap. */
function spread(heights: number[]): number[] {
  const moved = [...heights]
  const order = heights
    .map((_, index) => index)
    .sort((a, b) => (heights[a] ?? 0) - (heights[b] ?? 0))
  order.forEach((index, rank) => {
    const above = moved[order[rank - 1] ?? -1] ?? Number.NEGATIVE_INFINITY
    moved[index] = Math.max(moved[index] ?? 0, above + LABEL_HEIGHT)
  })
  return moved
}

function text(
  content: string,
  { x, y, anchor, class: name }: { x: number; y: number; anchor?: string; class?: string },
): string {
  const attributes = `${anchor ? ` text-anchor="${anchor}"` : ''}${name ? ` class="${name}"` : ''}`
  return `<text x="${x}" y="${y}"${attributes}>${escapeXml(content)}</text>`
}

function escapeXml(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
