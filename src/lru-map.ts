/**
 * A map that forgets the entries used least recently. Not `lru-cache`, which takes 6 KiB of the
 * bundle's 140 (gzipped) and 8 ms of CPU time at each start.
 */

export class LruMap<Value extends {}> {
  readonly #entries = new Map<string, Value>()
  readonly #maxSize: number
  readonly #sizeOf: (value: Value, key: string) => number
  #size = 0

  /** @param maxSize the largest sum of the sizes of entries, each of which is 1 without `sizeOf` */
  constructor(maxSize: number, sizeOf: (value: Value, key: string) => number = () => 1) {
    this.#maxSize = maxSize
    this.#sizeOf = sizeOf
  }

  /** The value, which counts as used. */
  get(key: string): Value | undefined {
    const value = this.#entries.get(key)
    if (value === undefined) return undefined
    this.#entries.delete(key)
    this.#entries.set(key, value)
    return value
  }

  /** The value, which does not count as used. */
  peek(key: string): Value | undefined {
    return this.#entries.get(key)
  }

  set(key: string, value: Value): void {
    this.delete(key)
    this.#entries.set(key, value)
    this.#size += this.#sizeOf(value, key)
    for (const oldest of this.#entries.keys()) {
      if (this.#size <= this.#maxSize) return
      this.delete(oldest)
    }
  }

  delete(key: string): boolean {
    const value = this.#entries.get(key)
    if (value === undefined) return false
    this.#size -= this.#sizeOf(value, key)
    return this.#entries.delete(key)
  }

  /** The entries, least recently used first. */
  entries(): [key: string, value: Value][] {
    return [...this.#entries]
  }
}
