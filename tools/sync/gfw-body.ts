/** The body of a foreign source's answer, as text of bounded size. */

/**
 * The default page of 100 assets fits if they take 640 KiB each; the largest metadata that this
 * API stores is 1 MiB. Whatever is larger is asked for in smaller pages.
 */
export const LARGEST_BODY_BYTES = 64 * 1024 * 1024

/** Stops reading, and closes the connection, as soon as the body has more than `mostBytes`. */
export async function readBody(
  response: Response,
  mostBytes: number,
): Promise<{ text: string } | { tooLarge: string }> {
  const decoder = new TextDecoder()
  const parts: string[] = []
  let bytes = 0
  // After decompression, so that a small compressed body cannot fill the memory either.
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength
    // Leaving the loop cancels the stream.
    if (bytes > mostBytes) return { tooLarge: `more than ${mostBytes} bytes` }
    parts.push(decoder.decode(chunk, { stream: true }))
  }
  return { text: parts.join('') + decoder.decode() }
}
