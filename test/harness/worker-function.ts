/** Bundles the Worker into a function that evaluates all modules anew, as a new isolate does. */

import { build, type Plugin, type Rolldown } from 'vite'

const ID = 'virtual:worker'
const RESOLVED = `\0${ID}`

/** Provides `virtual:worker`, bundled once for all test files. */
export function workerFunction(entry: string): Plugin {
  return {
    name: 'worker-function',
    resolveId: (id) => (id === ID ? RESOLVED : undefined),
    async load(id) {
      if (id !== RESOLVED) return undefined
      const { code, map, moduleIds } = await bundle(entry)
      for (const module of moduleIds) this.addWatchFile(module)
      // On the first line, so that the source map stays correct.
      return { code: `export function evaluate() { ${code}\nreturn worker }`, map }
    },
  }
}

async function bundle(entry: string): Promise<Rolldown.OutputChunk> {
  const result = await build({
    configFile: false,
    logLevel: 'warn',
    ssr: {
      noExternal: true,
      target: 'webworker',
      resolve: { conditions: ['workerd', 'worker', 'browser'] },
    },
    build: {
      ssr: entry,
      write: false,
      sourcemap: 'hidden',
      rolldownOptions: { output: { format: 'iife', name: 'worker', exports: 'named' } },
    },
  })
  // Boundary: an array or a watcher is returned only with other options.
  const [chunk] = (result as Rolldown.RolldownOutput).output
  return chunk
}
