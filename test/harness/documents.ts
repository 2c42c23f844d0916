/** The documents that people read, and the code blocks in them. */

import { globSync, readFileSync } from 'node:fs'

export type Document = { path: string; text: string; blocks: Block[] }

export type Block = {
  /** `docs/client.md:12`. */
  place: string
  language: string
  /** False if it is marked `not-run`. */
  isRun: boolean
  code: string
  /** The output that the next `json` or `text` block shows; `…` stands for anything. */
  output: string | undefined
}

const OUTPUT_LANGUAGES = ['json', 'text']

/** Every document but those of packages, by its path from the project's root. */
export function readDocuments(): Document[] {
  const paths = globSync(['*.md', 'catalog/*.md', 'docs/*.md', 'packages/*/*.md']).sort()
  return paths.map((path) => {
    const text = readFileSync(path, 'utf8')
    return { path, text, blocks: parseBlocks(path, text) }
  })
}

function parseBlocks(path: string, text: string): Block[] {
  const fenced = text.matchAll(/^( *)```(\w*)(.*)\n([\s\S]*?)^ *```$/gm)
  const blocks = [...fenced].map(
    ({ index, 1: indent = '', 2: language = '', 3: mark, 4: code = '' }) => ({
      place: `${path}:${text.slice(0, index).split('\n').length}`,
      language,
      isRun: mark?.trim() !== 'not-run',
      code: code.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
    }),
  )
  return blocks.map((block, index) => {
    const next = blocks[index + 1]
    return {
      ...block,
      output: next && OUTPUT_LANGUAGES.includes(next.language) ? next.code : undefined,
    }
  })
}
