/** Runs bundles of `wrangler deploy` in workerd, for tests and benchmarks. */

import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, extname, join } from 'node:path'
import { promisify } from 'node:util'
import type { V4WorkerOptions } from 'miniflare'
import { WRANGLER } from './dev/wrangler.ts'

const run = promisify(execFile)
const CLOCK_TICKS_PER_SECOND = 100
const MODULE_TYPES: Record<string, Module['type']> = {
  '.js': 'ESModule',
  '.html': 'Text',
  '.txt': 'Text',
  '.sql': 'Text',
  '.wasm': 'CompiledWasm',
}

/** The AUTH_JWT_SECRET of these Workers. */
export const AUTH_SECRET = 'development-only-secret-of-local-workers'

export interface RunningWorker extends RunningProcess {
  /** The origin of the Worker itself, without Miniflare's development server in front. */
  origin: string
}

interface RunningProcess {
  /** User and system CPU time of the process so far; `NaN` without /proc. */
  cpuSeconds(): Promise<number>
  /** Current and peak memory of the process; `NaN` without /proc. */
  memoryMib(): Promise<{ resident: number; peak: number }>
  close(): Promise<void>
}

/** A module of a bundle, in workerd's format. */
export type Module = {
  type: 'ESModule' | 'Text' | 'CompiledWasm' | 'Data'
  path: string
  contents: Uint8Array<ArrayBuffer>
}

/** The minified modules that `wrangler deploy` uploads for an entry file, the main module first. */
export async function bundle(entry: string): Promise<Module[]> {
  const folder = await mkdtemp(join(tmpdir(), 'bundle-'))
  try {
    const flags = ['--dry-run', '--minify', '--outdir', folder]
    await run(process.execPath, [WRANGLER, 'deploy', entry, ...flags], {
      env: { ...process.env, WRANGLER_SEND_METRICS: 'false' },
    })
    const main = `${basename(entry, '.ts')}.js`
    const names = (await readdir(folder)).filter((name) => !/^README\.md$|\.map$/.test(name))
    const mainFirst = [main, ...names.filter((name) => name !== main)]
    return await Promise.all(
      mainFirst.map(async (path) => ({
        type: MODULE_TYPES[extname(path)] ?? 'Data',
        path,
        contents: await readFile(join(folder, path)),
      })),
    )
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** Bindings of a Worker; none by default. */
type Bindings = {
  [Name in 'assets' | 'ratelimits' | 'versionMetadata' | 'unsafeDirectSockets']?:
    | V4WorkerOptions[Name]
    | undefined
}

/** Variables of a Worker, which override those of wrangler.toml. */
type Vars = Record<string, string | number>
type Options = Bindings & { onLog?: (line: string) => void }

/**
 * Starts a bundled Worker with the variables of wrangler.toml, overridden by `vars`, and an empty
 * cache. Its log lines go to `onLog` only.
 */
export async function startWorker(
  modules: Module[],
  vars: Vars = {},
  options: Options = {},
): Promise<RunningWorker> {
  const { origins, ...running } = await startWorkers(modules, { worker: vars }, options)
  return { origin: origins.worker, ...running }
}

/**
 * Starts several instances of a bundled Worker in one process, each with its own `vars`. They share
 * a cache; its keys contain each instance's origin.
 */
export async function startWorkers<Name extends string>(
  modules: Module[],
  vars: Record<Name, Vars>,
  { onLog = () => {}, ...bindings }: Options = {},
): Promise<RunningProcess & { origins: Record<Name, string> }> {
  // Imported here because loading them takes a second, which would slow down `--help`.
  const [{ convertV4MiniflareOptions, Miniflare }, { unstable_readConfig }] = await Promise.all([
    import('miniflare'),
    import('wrangler'),
  ])
  const config = unstable_readConfig({ config: 'wrangler.toml' }, { hideWarnings: true })
  const before = await childPids()
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      cf: false,
      telemetry: { enabled: false },
      handleStructuredLogs: ({ message }) => onLog(message),
      workers: Object.entries<Vars>(vars).map(([name, ownVars]) => ({
        name,
        modules,
        compatibilityDate: config.compatibility_date ?? '',
        compatibilityFlags: config.compatibility_flags,
        bindings: {
          ...(config.vars as Vars),
          AUTH_JWT_SECRET: AUTH_SECRET,
          ...ownVars,
        },
        ...(config.version_metadata && { versionMetadata: config.version_metadata.binding }),
        // No rate limiter by default: Miniflare simulates it by a call to another Worker, while
        // Cloudflare's is a counter in memory.
        unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }],
        ...bindings,
      })),
    }),
  )
  await miniflare.ready
  const origins = await Promise.all(
    Object.keys(vars).map(async (name) => [
      name,
      (await miniflare.unsafeGetDirectURL(name)).origin,
    ]),
  )
  const pids = (await childPids()).filter((pid) => !before.includes(pid))
  return {
    // Boundary: `Object.fromEntries` loses the type of the keys.
    origins: Object.fromEntries(origins) as Record<Name, string>,
    async cpuSeconds() {
      const times = await Promise.all(pids.map(cpuSecondsOf))
      return times.length === 0 ? Number.NaN : times.reduce((sum, time) => sum + time, 0)
    },
    async memoryMib() {
      const [pid] = pids
      const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
      const mib = (field: string) =>
        Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1] ?? Number.NaN) / 1024
      return { resident: mib('VmRSS'), peak: mib('VmHWM') }
    },
    close: () => miniflare.dispose(),
  }
}

async function childPids(): Promise<string[]> {
  const path = `/proc/${process.pid}/task/${process.pid}/children`
  return (await readFile(path, 'utf8').catch(() => '')).split(' ').filter(Boolean)
}

/** Fields 14 and 15 of proc_pid_stat(5), utime and stime, which include exited threads. */
async function cpuSecondsOf(pid: string): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS_PER_SECOND
}
