/** A project of somebody else that has installed the package, as far as it is built from here. */

import { execFile } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const MODULES = join(ROOT, 'node_modules')
const TSC = join(MODULES, 'typescript/bin/tsc')

const runFile = promisify(execFile)

export type Consumer = AsyncDisposable & {
  /** Where the package is. */
  installed: string
  /** What tsc says of a module that uses the package, `''` where all is well. */
  check(source: string): Promise<string>
  /** What the module prints under Node. */
  run(source: string, env?: NodeJS.ProcessEnv): Promise<string>
}

/** Built as `prepare` does, in a folder of its own: test files run side by side. */
export async function installPackage(): Promise<Consumer> {
  const folder = await mkdtemp(join(tmpdir(), 'consumer-'))
  const installed = join(folder, 'node_modules/gfw-assets-edge')
  await mkdir(installed, { recursive: true })
  for (const file of ['package.json', 'README.md', 'LICENSE']) {
    await copyFile(join(ROOT, file), join(installed, file))
  }
  const build = ['-p', 'tsconfig.client.json', '--outDir', join(installed, 'dist/client')]
  await runFile(process.execPath, [TSC, ...build], { cwd: ROOT })
  await symlink(join(MODULES, 'zod'), join(folder, 'node_modules/zod'))

  const main = join(folder, 'main.ts')
  await writeFile(join(folder, 'package.json'), '{"type":"module"}')
  const compilerOptions = {
    strict: true,
    target: 'es2022',
    module: 'nodenext',
    lib: ['es2023', 'dom'],
    types: ['node'],
    typeRoots: [join(MODULES, '@types')],
    noEmit: true,
  }
  const tsconfig = JSON.stringify({ compilerOptions, files: [main] })
  await writeFile(join(folder, 'tsconfig.json'), tsconfig)

  return {
    installed,
    async check(source) {
      await writeFile(main, source)
      return runFile(process.execPath, [TSC, '-p', folder], { cwd: folder }).then(
        () => '',
        ({ stdout }) => stdout,
      )
    },
    async run(source, env = {}) {
      await writeFile(main, source)
      const ran = await runFile(process.execPath, [main], { env: { ...process.env, ...env } })
      return ran.stdout
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  }
}
