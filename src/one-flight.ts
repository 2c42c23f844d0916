/**
 * One call for all concurrent requests of an isolate that ask for the same. Hand-written because in
 * Workers, I/O ends with the request that began it: that request keeps the call alive with
 * `waitUntil`, even if its client goes away. The requests that wait have a timer of their own,
 * because the runtime cancels a request that awaits nothing but another request's promise. A call
 * past its time limit counts as dead, and the next request makes a new one.
 */

import { ageMs } from './clock.ts'
import { DeadlineError, withDeadline } from './deadline.ts'
import { serviceUnavailable } from './errors.ts'

type Flight<T> = { result: Promise<T>; startedAt: number }

/** Shares `call`, which must end within `timeoutMs`, under a key. */
export type OneFlight<T> = (key: string, call: () => Promise<T>, options: Options) => Promise<T>

type Options = { context: Pick<ExecutionContext, 'waitUntil'>; timeoutMs: number }

/** Shared calls reject as `call` does, or with a 503 past the time limit. */
export function oneFlight<T>(): OneFlight<T> {
  const flights = new Map<string, Flight<T>>()

  return async function share(key, call, { context, timeoutMs }) {
    const current = flights.get(key)
    if (current && ageMs(current.startedAt) <= timeoutMs) {
      return withDeadline(current.result, timeoutMs).catch((error) => {
        throw error instanceof DeadlineError ? serviceUnavailable() : error
      })
    }
    const flight: Flight<T> = { result: call(), startedAt: Date.now() }
    flights.set(key, flight)
    const landed = () => {
      if (flights.get(key) === flight) flights.delete(key)
    }
    context.waitUntil(flight.result.then(landed, landed))
    return flight.result
  }
}
