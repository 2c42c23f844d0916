/** The Workers, databases and recording proxies that the figures are measured on. */

import { serveNeonLocal } from '../tools/neon-local/neon-local.ts'
import { signToken } from '../tools/token.ts'
import {
  AUTH_SECRET,
  bundle,
  type Module,
  type RunningWorker,
  startWorker,
} from '../tools/workerd.ts'
import { changeDataset, type Size } from './catalog.ts'
import { type Client, connect } from './client.ts'
import { type Databases, openDatabases } from './databases.ts'
import { type Recorder, startRecorder } from './recorder.ts'

const ENTRIES = {
  app: 'src/index.ts',
  /** The app, with a clock and a counter. */
  observed: 'bench/workers/observed.ts',
  bare: 'bench/workers/bare.ts',
  driver: 'bench/workers/driver.ts',
}
export type Script = keyof typeof ENTRIES

export interface Environment {
  /** For example `PostgreSQL 15.10`. */
  databaseVersion: string
  /** The minified modules of each Worker, as deployed. */
  scripts: Record<Script, Module[]>
  /** An `Authorization` header that the app accepts. */
  authorization: string
  database(size: Size): Promise<BenchDatabase>
  /** Starts a Worker with an empty cache and the database of a size. */
  start(script: Script, size: Size, options?: StartOptions): Promise<BenchWorker>
  close(): Promise<void>
}

export type BenchDatabase = {
  url: string
  recorder: Recorder
  change(dataset?: string): Promise<void>
}
export type BenchWorker = RunningWorker & { client: Client }
export type StartOptions = { vars?: Record<string, number>; connections?: number }

/** Bundles the Workers and starts the database server. */
export async function openEnvironment(
  options: Parameters<typeof openDatabases>[0],
): Promise<Environment> {
  const closing = new AsyncDisposableStack()
  try {
    const databases = await openDatabases(options)
    closing.defer(databases.close)
    const bundled = Object.entries(ENTRIES).map(async ([name, entry]) => [
      name,
      await bundle(entry),
    ])
    // Boundary: `Object.fromEntries` loses the type of the keys.
    const scripts = Object.fromEntries(await Promise.all(bundled)) as Environment['scripts']
    const token = await signToken({ subject: 'bench', expires: '1d' }, AUTH_SECRET)
    const opened = new Map<Size, Promise<BenchDatabase>>()
    const workers = new Set<BenchWorker>()
    closing.defer(async () => {
      for (const worker of workers) await worker.close()
    })
    const environment: Environment = {
      databaseVersion: databases.version,
      scripts,
      authorization: `Bearer ${token}`,
      database(size) {
        const database = opened.get(size) ?? openDatabase(databases, size, closing)
        opened.set(size, database)
        return database
      },
      async start(script, size, { vars, connections } = {}) {
        const { recorder } = await environment.database(size)
        const settings = { ...vars, DATABASE_URL: recorder.connectionString }
        const running = await startWorker(scripts[script], settings, { onLog: printErrors })
        const client = connect(running.origin, { authorization: `Bearer ${token}` }, connections)
        const worker: BenchWorker = {
          ...running,
          client,
          async close() {
            workers.delete(worker)
            client.close()
            await running.close()
          },
        }
        workers.add(worker)
        return worker
      },
      close: () => closing.disposeAsync(),
    }
    return environment
  } catch (error) {
    await closing.disposeAsync()
    throw error
  }
}

/** Prints the Worker's errors, which explain why a measurement fails. */
function printErrors(line: string): void {
  if (line.includes('"level":"error"')) console.error(line)
}

async function openDatabase(
  databases: Databases,
  size: Size,
  closing: AsyncDisposableStack,
): Promise<BenchDatabase> {
  const databaseUrl = await databases.open(size)
  const neon = await serveNeonLocal({ databaseUrl })
  closing.defer(neon.close)
  const recorder = await startRecorder(neon.connectionString)
  closing.defer(recorder.close)
  return { url: databaseUrl, recorder, change: (dataset) => changeDataset(databaseUrl, dataset) }
}
