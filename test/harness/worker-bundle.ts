/** The Worker's bundle, which wrangler takes seconds to make: all test files of a run share one. */

import { createServer } from 'node:http'
import { deserialize, serialize } from 'node:v8'
import { inject } from 'vitest'
import type { TestProject } from 'vitest/node'
import { listen } from '../../tools/listen.ts'
import { bundle, type Module } from '../../tools/workerd.ts'

/** `globalSetup`: makes the bundle when the first file asks for it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let made: Promise<Buffer> | undefined
  const server = createServer((_, response) => {
    made ??= bundle('src/index.ts').then(serialize)
    made.then(
      (bytes) => response.end(bytes),
      (error) => response.writeHead(500).end(String(error)),
    )
  })
  const port = await listen(server, 0, '127.0.0.1')
  project.provide('workerBundleUrl', `http://127.0.0.1:${port}`)
  return async () => {
    await new Promise((closed) => server.close(closed))
  }
}

/** The modules that `wrangler deploy` would upload. */
export async function bundledWorker(): Promise<Module[]> {
  const response = await fetch(inject('workerBundleUrl'), { headers: { Connection: 'close' } })
  if (!response.ok) throw new Error(await response.text())
  return deserialize(Buffer.from(await response.arrayBuffer()))
}

declare module 'vitest' {
  interface ProvidedContext {
    workerBundleUrl: string
  }
}
