/** Listening on a port, as a promise. */

import { createServer, type Server } from 'node:net'
import { CommandError } from './command-line.ts'

/** Starts `server` and returns its port; port 0 picks a free one. Rejects if the port is taken. */
export async function listen(server: Server, port: number, host: string): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject)
  server.listen(port, host, resolve)
  await promise
  server.off('error', reject)
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('not listening on a port')
  return address.port
}

/** Throws a CommandError if the port cannot be listened on. */
export async function requireFreePort(port: number, host: string): Promise<void> {
  const probe = createServer()
  await listen(probe, port, host).catch((error) => {
    const reason = error.code === 'EADDRINUSE' ? 'is taken' : `cannot be used: ${error.code}`
    throw new CommandError(`port ${port} ${reason}`)
  })
  await new Promise((closed) => probe.close(closed))
}
