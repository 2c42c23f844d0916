/** Reads response bodies of bounded size. */

/**
 * Enough for 100 assets of 640 KiB; this API's limit for metadata is 1 MiB. Larger pages are split
 * into smaller ones.
 */
export const MAX_BODY_BYTES = 64 * 1024 * 1024

/** Stops reading and closes the connection once the body exceeds `maxBytes`. */
export async function readBody(
  response: Response,
  maxBytes: number,
): Promise<{ text: string } | { tooLarge: string }> {
  const decoder = new TextDecoder()
  const parts: string[] = []
  let bytes = 0
  // Counted after decompression, so that a small compressed body cannot exhaust memory.
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength
    // Leaving the loop cancels the stream.
    if (bytes > maxBytes) return { tooLarge: `more than ${maxBytes} bytes` }
    parts.push(decoder.decode(chunk, { stream: true }))
  }
  return { text: parts.join('') + decoder.decode() }
}
