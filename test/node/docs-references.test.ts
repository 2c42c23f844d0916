/** Checks that the files, headings, npm scripts, flags and programs in the documents exist. */

import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { type Document, readDocuments } from '../harness/documents.ts'

const runFile = promisify(execFile)

const documents = readDocuments()
const scripts: Record<string, string> = JSON.parse(readFileSync('package.json', 'utf8')).scripts
const ignored = readFileSync('.gitignore', 'utf8').split('\n').filter(Boolean)

/** Inline code, and the lines of shell blocks. */
function commandsOf({ text, blocks }: Document): string[] {
  const prose = text.replaceAll(/^ *```[\s\S]*?^ *```$/gm, '')
  const inline = [...prose.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code)
  const shell = blocks.filter(({ language }) => language === 'sh')
  const lines = shell.flatMap(({ code }) => code.replaceAll('\\\n', ' ').split('\n'))
  return [...inline, ...lines].filter(Boolean)
}

/** Paths in diagrams, where names without a folder are relative to other lines. */
function pathsInDiagrams({ blocks }: Document): string[] {
  const lines = blocks.flatMap(({ language, code }) => (language === '' ? code.split('\n') : []))
  return lines.flatMap(pathsIn).filter((path) => /\/./.test(path))
}

/** Words that look like a file or a folder of the project. */
function pathsIn(command: string): string[] {
  const isPath = /^[\w.@-]+(\/[\w.@-]+)*(\/|\.(ts|tsx|md|json|toml|yml|sql|example))$/
  return command.split(' ').filter((word) => isPath.test(word))
}

/** The anchors that GitHub gives a document's headings. */
function anchorsOf(path: string): string[] {
  const headings = readFileSync(path, 'utf8').matchAll(/^#+ (.+)$/gm)
  return [...headings].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-'),
  )
}

describe.each(documents)('$path', (document) => {
  const { path, text } = document
  const commands = commandsOf(document)

  it('links to files and headings that exist', () => {
    const links = [...text.matchAll(/\]\(([^()\s]+)\)/g)].map(([, link = '']) => link)
    const broken = links.filter((link) => {
      if (/^https?:/.test(link)) return false
      const [file, anchor] = link.split('#')
      const target = file ? join(dirname(path), file) : path
      if (!existsSync(target)) return true
      return anchor !== undefined && !anchorsOf(target).includes(anchor)
    })
    expect(broken).toEqual([])
  })

  it('names files and folders that exist', () => {
    const missing = [...commands.flatMap(pathsIn), ...pathsInDiagrams(document)]
      .filter((file) => !existsSync(file) && !existsSync(join(dirname(path), file)))
      .filter((file) => !ignored.some((folder) => file.startsWith(folder)))
    expect(missing).toEqual([])
  })

  it('names npm scripts that exist', () => {
    const names = commands.flatMap((command) =>
      [...command.matchAll(/npm run (?:-s )?([a-z][\w:-]*)/g)].map(([, name = '']) => name),
    )
    expect(names.filter((name) => !Object.hasOwn(scripts, name))).toEqual([])
  })

  it('names programs that are installed', () => {
    const names = commands.flatMap((command) =>
      [...command.matchAll(/npx ([\w-]+)/g)].map(([, name = '']) => name),
    )
    expect(names.filter((name) => !existsSync(`node_modules/.bin/${name}`))).toEqual([])
  })
})

describe('every flag', () => {
  const uses = documents
    .flatMap(commandsOf)
    .flatMap((command) =>
      [...command.matchAll(/npm run (?:-s )?([a-z][\w:-]*) -- ([^|&;)]*)/g)].map(
        ([, name = '', args = '']) => ({ name, args }),
      ),
    )
  const names = [...new Set(uses.map(({ name }) => name))].filter((name) =>
    scripts[name]?.startsWith('node '),
  )

  it.each(names)('of npm run %s is one that it takes', async (name) => {
    const [file = ''] = /\S+\.ts/.exec(scripts[name] ?? '') ?? []
    const { stdout } = await runFile(process.execPath, [file, '--help'])
    const taken = [...stdout.matchAll(/^ {2}(--[\w-]+)/gm)].map(([, flag = '']) => flag)
    const used = uses
      .filter((use) => use.name === name)
      .flatMap(({ args }) => args.split(/[ =]/).filter((word) => word.startsWith('--')))
    expect(used.filter((flag) => !taken.includes(flag))).toEqual([])
  })

  it('of npm run sync is in its table', async () => {
    const { stdout } = await runFile(process.execPath, ['tools/sync/sync.ts', '--help'])
    const taken = [...stdout.matchAll(/^ {2}(--[\w-]+)/gm)].map(([, flag = '']) => flag)
    const table = documents.find(({ path }) => path === 'docs/sync.md')?.text ?? ''
    const described = [...table.matchAll(/^\| `(--[\w-]+)/gm)].map(([, flag = '']) => flag)
    expect([...described, '--help'].sort()).toEqual(taken.sort())
  })
})

it('every command of wrangler exists', async () => {
  const commands = documents
    .flatMap(commandsOf)
    .flatMap((command) => [...command.matchAll(/npx (wrangler [a-z]+(?: (?:put|delete|list))?)/g)])
    .map(([, command = '']) => command)
  const help = (args: string[]) =>
    runFile(process.execPath, ['node_modules/wrangler/bin/wrangler.js', ...args, '--help'])
  const texts = await Promise.all([help([]), help(['secret'])])
  const described = texts.map(({ stdout }) => stdout).join('')
  expect(commands.filter((command) => !described.includes(`  ${command} `))).toEqual([])
})
