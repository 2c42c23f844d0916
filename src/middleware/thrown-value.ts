/** Turns what is thrown into an `Error`, since Hono's `onError` receives nothing else. */

import type { MiddlewareHandler } from 'hono'

/**
 * JavaScript can throw any value, such as the rejection of a binding. Hono passes one that is not an
 * `Error` to the runtime, whose response has neither a JSON body nor CORS headers.
 */
export function thrownValue(): MiddlewareHandler {
  return async function thrownValue(_, next) {
    try {
      await next()
    } catch (thrown) {
      throw thrown instanceof Error ? thrown : new ThrownValue(thrown)
    }
  }
}

/** Holds the value's type alone, since the value may be secret. */
class ThrownValue extends Error {
  constructor(value: unknown) {
    super()
    this.name = `thrown ${value === null ? 'null' : typeof value}`
  }
}
