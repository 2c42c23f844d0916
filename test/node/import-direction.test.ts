/** `biome.imports.json` refuses imports that run against its direction, so `npm run check` does. */

import { execFile } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, expect, it } from 'vitest'

const BIOME = resolve('node_modules/@biomejs/biome/bin/biome')

const cases: [file: string, statement: string, rule: string][] = [
  ['src/index.ts', "import '../tools/token.ts'", 'src imports only src.'],
  ['src/new-1.ts', "import './index.ts'", 'The modules beside src/index.ts import only'],
  ['src/new-2.ts', "import './routes/asset.ts'", 'The modules beside src/index.ts import only'],
  ['src/new-3.ts', "import './db/schema.ts'", 'The modules beside src/index.ts import only'],
  ['src/routes/new-1.ts', "import '../index.ts'", 'src/routes imports only'],
  [
    'src/routes/new-2.ts',
    "import '../../packages/client/src/client.ts'",
    'src/routes imports only',
  ],
  ['src/middleware/new-1.ts', "import '../cache/edge-cache.ts'", 'src/middleware imports only'],
  ['src/middleware/new-2.ts', "import '../db/catalog.ts'", 'src/middleware imports only'],
  ['src/cache/new-1.ts', "import '../routes/asset.ts'", 'src/cache imports only'],
  [
    'src/cache/new-2.ts',
    "import type { A } from '../middleware/auth.ts'",
    'src/cache imports only',
  ],
  ['src/db/new-1.ts', "export { a } from '../cache/edge-cache.ts'", 'src/db imports only'],
  ['src/db/new-2.ts', "import '../../test/harness/clock.ts'", 'src/db imports only'],
  ['src/api/new-1.ts', "import type { A } from '../db/schema.ts'", 'src/api imports only'],
  ['src/api/openapi/new-2.ts', "await import('../../middleware/auth.ts')", 'src/api imports only'],
  ['site/new-1.ts', "import type { A } from '../src/api/query.ts'", 'site imports only'],
  ['site/new-2.ts', "import '../src/log.ts'", 'site imports only'],
  ['site/new-3.ts', "import '../tools/token.ts'", 'site imports only'],
  ['packages/client/src/new.ts', "import '../generate-types.ts'", 'packages/client/src imports'],
  ['tools/new-1.ts', "import '../src/db/catalog.ts'", 'tools and bench import only'],
  ['tools/new-2.ts', "import '../bench/report.ts'", 'tools and bench import only'],
  ['bench/new-1.ts', "import '../src/log.ts'", 'tools and bench import only'],
  ['bench/new-2.ts', "import '../test/harness/clock.ts'", 'tools and bench import only'],
  ['bench/workers/observed.ts', "import '../../src/log.ts'", 'It wraps the Worker, not its parts.'],
  [
    'test/node/new.ts',
    "import '../../bench/report.ts'",
    'Only test/node/bench imports from bench.',
  ],
]

/** Checks all files of `cases` in one run of Biome, and returns its message for each. */
const messages = new Map<string, string>()

beforeAll(async () => {
  await using folder = await createFolder()
  await copyFile('biome.imports.json', join(folder.path, 'biome.json'))
  for (const [file, statement] of cases) {
    const path = join(folder.path, file)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, `${statement}\n`)
  }
  const lint = [
    'lint',
    '--only=style/noRestrictedImports',
    '--reporter=json',
    '--max-diagnostics=none',
  ]
  const options = { cwd: folder.path }
  const { stdout } = await promisify(execFile)(process.execPath, [BIOME, ...lint], options).catch(
    (error) => error,
  )
  for (const { location, message } of JSON.parse(stdout).diagnostics) {
    messages.set(location.path, message)
  }
})

async function createFolder() {
  const path = await mkdtemp(join(tmpdir(), 'imports-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) }
}

it.each(cases)('%s may not contain %s', (file, _, rule) => {
  expect(messages.get(file)).toContain(rule)
})
