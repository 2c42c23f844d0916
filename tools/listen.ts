/** Listening on a port, as a promise. */

import type { Server } from 'node:net'

/** Starts `server` and returns its port; port 0 asks for any free one. Rejects where it is taken. */
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
