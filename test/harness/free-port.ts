/** Finds a free port on loopback. */

import { createServer } from 'node:net'
import { listen } from '../../tools/listen.ts'

export async function freePort(): Promise<number> {
  const server = createServer()
  const port = await listen(server, 0, '127.0.0.1')
  server.close()
  return port
}
