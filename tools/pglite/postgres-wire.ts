/**
 * Messages of the Postgres wire protocol, version 3
 * (https://www.postgresql.org/docs/current/protocol-message-formats.html).
 */

import type { Socket } from 'node:net'

const SSL_REQUEST = 80877103
const GSS_REQUEST = 80877104
const CANCEL_REQUEST = 80877102
const PROTOCOL_3 = 3

type Input = AsyncIterator<Buffer>

/**
 * Reads a connection's first messages: refuses encryption, ignores the startup parameters. Returns
 * the bytes after them, or undefined if the connection is to be closed (CancelRequest).
 */
export async function readStartup(input: Input, socket: Socket): Promise<Buffer | undefined> {
  let bytes: Buffer = Buffer.alloc(0)
  for (;;) {
    while (bytes.length < 8 || bytes.length < bytes.readInt32BE(0)) {
      const next = await input.next()
      if (next.done) return undefined
      bytes = Buffer.concat([bytes, next.value])
      if (bytes.length >= 4 && !isStartupLength(bytes.readInt32BE(0))) return undefined
    }
    const code = bytes.readInt32BE(4)
    bytes = bytes.subarray(bytes.readInt32BE(0))
    if (code === SSL_REQUEST || code === GSS_REQUEST) socket.write('N')
    else return code >>> 16 === PROTOCOL_3 ? bytes : undefined
  }
}

/** Postgres' own limits, which the first bytes of another protocol exceed. */
function isStartupLength(length: number): boolean {
  return length >= 8 && length <= 10_000
}

/** Splits a connection's bytes into messages, each with its type byte and length. */
export async function* readMessages(input: Input, rest: Buffer): AsyncGenerator<Buffer> {
  let chunks = [rest]
  let size = rest.length
  let needed = 5
  for (;;) {
    if (size >= needed) {
      // Joined only when a message is complete, so that a large one is not copied for each chunk.
      const bytes = Buffer.concat(chunks)
      let offset = 0
      for (needed = 5; bytes.length - offset >= 5; offset += needed, needed = 5) {
        needed = 1 + bytes.readInt32BE(offset + 1)
        if (needed < 5) throw new Error('invalid message length')
        if (bytes.length - offset < needed) break
        yield bytes.subarray(offset, offset + needed)
      }
      chunks = [bytes.subarray(offset)]
      size = bytes.length - offset
    }
    const next = await input.next()
    if (next.done) return
    chunks.push(next.value)
    size += next.value.length
  }
}

/** The status in the final ReadyForQuery: `I` idle, `T` in a transaction, `E` in a failed one. */
export function transactionStatus(answer: Uint8Array): string | undefined {
  return answer.at(-6) === 0x5a ? String.fromCharCode(answer.at(-1) ?? 0) : undefined
}

export function simpleQuery(sql: string): Buffer {
  return message('Q', Buffer.from(`${sql}\0`))
}

export function startupMessage(user: string): Buffer {
  const parameters = Buffer.from(`user\0${user}\0database\0${user}\0\0`)
  const head = Buffer.alloc(8)
  head.writeInt32BE(8 + parameters.length)
  head.writeInt32BE(PROTOCOL_3 << 16, 4)
  return Buffer.concat([head, parameters])
}

/** Cancels the query of the connection with this BackendKeyData. */
export function cancelRequest(processId: number, secretKey: number): Buffer {
  const bytes = Buffer.alloc(16)
  bytes.writeInt32BE(16)
  bytes.writeInt32BE(CANCEL_REQUEST, 4)
  bytes.writeInt32BE(processId, 8)
  bytes.writeInt32BE(secretKey, 12)
  return bytes
}

/** ErrorResponse, then ReadyForQuery with status idle. */
export function errorResponse(code: string, text: string): Buffer {
  const fields = `SERROR\0VERROR\0C${code}\0M${text}\0\0`
  return Buffer.concat([message('E', Buffer.from(fields)), message('Z', Buffer.from('I'))])
}

/** True if a message is a Query or Parse of `COPY … FROM STDIN`. */
export function isCopyFromClient(bytes: Buffer): boolean {
  const type = String.fromCharCode(bytes[0] ?? 0)
  if (type !== 'Q' && type !== 'P') return false
  return /\bcopy\b[^;]*\bfrom\s+stdin\b/i.test(bytes.toString('utf8', 5))
}

function message(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5)
  head.write(type)
  head.writeInt32BE(4 + body.length, 1)
  return Buffer.concat([head, body])
}
