/** A project that has installed the client from its tarball. */

import { execFile } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const CLIENT = join(ROOT, 'packages/client')
const MODULES = join(ROOT, 'node_modules')

const runFile = promisify(execFile)

/** The environment without this project's npm settings, which other projects don't have. */
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)))

type Tarball = { filename: string; unpackedSize: number; files: { path: string }[] }

export type Consumer = AsyncDisposable & {
  /** The project's folder. */
  folder: string
  /** The description of the tarball that `npm pack` prints. */
  tarball: Tarball
  /** Writes the types of an OpenAPI document to `schema.d.ts`. */
  generateTypes(document: object): Promise<void>
  /** Resolves to the errors that tsc reports about a module that uses the package, or to `''`. */
  check(source: string): Promise<string>
  /** Resolves to what the module prints under Node. */
  run(source: string, variables?: NodeJS.ProcessEnv): Promise<string>
}

export async function installPackage(): Promise<Consumer> {
  const folder = await mkdtemp(join(tmpdir(), 'consumer-'))
  const tarball = await pack(folder)
  await writeFile(join(folder, 'package.json'), '{"type":"module"}')
  const install = ['install', '--offline', '--no-audit', '--no-fund', tarball.filename]
  await runFile('npm', install, { cwd: folder, env })

  const main = join(folder, 'main.ts')
  const compilerOptions = {
    strict: true,
    target: 'es2022',
    module: 'nodenext',
    lib: ['es2023', 'dom'],
    types: ['node'],
    typeRoots: [join(MODULES, '@types')],
    noEmit: true,
    // Declaration files are checked too.
    skipLibCheck: false,
  }
  const tsconfig = JSON.stringify({ compilerOptions, files: [main] })
  await writeFile(join(folder, 'tsconfig.json'), tsconfig)
  const tsc = [join(MODULES, 'typescript/bin/tsc'), '-p', folder]

  return {
    folder,
    tarball,
    async generateTypes(document) {
      const file = join(folder, 'openapi.json')
      await writeFile(file, JSON.stringify(document))
      const command = ['exec', '--', 'openapi-typescript', file, '-o', join(folder, 'schema.d.ts')]
      await runFile('npm', command, { cwd: CLIENT, env })
    },
    async check(source) {
      await writeFile(main, source)
      return runFile(process.execPath, tsc, { cwd: folder }).then(
        () => '',
        ({ stdout }) => stdout,
      )
    },
    async run(source, variables = {}) {
      await writeFile(main, source)
      const ran = await runFile(process.execPath, [main], { env: { ...process.env, ...variables } })
      return ran.stdout
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  }
}

/** Builds and packs a copy of the package: test files that run at the same time would share `dist`. */
async function pack(destination: string): Promise<Tarball> {
  const copy = join(destination, 'package')
  await mkdir(copy)
  for (const file of ['package.json', 'README.md', 'LICENSE']) {
    await copyFile(join(CLIENT, file), join(copy, file))
  }
  for (const script of ['build:types', 'build:code']) {
    await runFile('npm', ['run', script, '--', '--outDir', join(copy, 'dist')], {
      cwd: CLIENT,
      env,
    })
  }
  const command = ['pack', '--json', '--ignore-scripts', '--pack-destination', destination]
  const { stdout } = await runFile('npm', command, { cwd: copy, env })
  const [tarball] = JSON.parse(stdout)
  return tarball
}
