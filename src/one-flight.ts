/**
 * One call for all concurrent requests of an isolate that ask for the same.
 *
 * In Workers a request's I/O ends with the request: the one that makes the call keeps it alive with
 * `waitUntil`, even if its client goes away. Those that wait have a timer of their own, without
 * which the runtime takes a request that awaits another's promise for hung; and a call that
 * outlives its time limit is taken for dead, so that nobody waits for it any more.
 */

import { serviceUnavailable } from './errors.ts'

type Flight<T> = { result: Promise<T>; startedAt: number }

/** Shares `call`, which must end within `timeoutMs`, under a key. */
export type OneFlight<T> = (
  key: string,
  context: Pick<ExecutionContext, 'waitUntil'>,
  timeoutMs: number,
  call: () => Promise<T>,
) => Promise<T>

/** A new set of flights, empty. Rejects with what the call rejects with, or a 503 past its limit. */
export function oneFlight<T>(): OneFlight<T> {
  const flights = new Map<string, Flight<T>>()

  return async function share(key, context, timeoutMs, call) {
    const now = Date.now()
    const current = flights.get(key)
    if (current && now - current.startedAt <= timeoutMs) {
      return withDeadline(current.result, timeoutMs)
    }
    const flight: Flight<T> = { result: call(), startedAt: now }
    flights.set(key, flight)
    const landed = () => {
      if (flights.get(key) === flight) flights.delete(key)
    }
    context.waitUntil(flight.result.then(landed, landed))
    return flight.result
  }
}

async function withDeadline<T>(result: Promise<T>, timeoutMs: number): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(serviceUnavailable()), timeoutMs)
  return Promise.race([result, promise]).finally(() => clearTimeout(timer))
}
