/**
 * Whether the database can be reached, as the last call has shown: this isolate's, or a newer one of
 * another isolate in the data center. During an outage, one call at a time tries.
 */

import * as z from 'zod'
import { ageMs } from '../clock.ts'
import { type CallOutcome, FailedCallError } from '../db/neon-call.ts'

export const lastCallSchema = z.object({
  endedAt: z.number(),
  outcome: z.enum<CallOutcome[]>(['answered', 'timed out', 'failed']),
})
export type LastCall = z.infer<typeof lastCallSchema>

/** How long a failure counts. */
const OUTAGE_MS = 5000

let last: LastCall = { endedAt: 0, outcome: 'answered' }
let trying: { startedAt: number; timeoutMs: number } | undefined

/**
 * `down` after a failure to reach the database, until a call is answered or none has tried for 5 s.
 * A call that times out says little, since its statement may be slow: the database is `in doubt`
 * until the next call. It is `down` if that one times out too.
 */
export function databaseState(): 'up' | 'in doubt' | 'down' {
  if (last.outcome === 'answered') return 'up'
  if (ageMs(last.endedAt) >= OUTAGE_MS && !isTrying()) return 'up'
  return last.outcome === 'failed' ? 'down' : 'in doubt'
}

/** Makes a call, and remembers whether it was answered. */
export async function observeCall<T>(call: () => Promise<T>): Promise<T> {
  const startedAt = Date.now()
  try {
    const result = await call()
    last = { endedAt: Date.now(), outcome: 'answered' }
    return result
  } catch (error) {
    if (error instanceof FailedCallError) last = afterFailure(error.outcome, startedAt)
    throw error
  }
}

/** What is known after a call that started then and failed. */
function afterFailure(outcome: CallOutcome, startedAt: number): LastCall {
  const endedAt = Date.now()
  if (outcome !== 'timed out') return { endedAt, outcome }
  if (last.outcome !== 'answered') return { endedAt, outcome: 'failed' }
  // If another call was answered meanwhile, only this statement is slow, and says nothing of others.
  return last.endedAt > startedAt ? last : { endedAt, outcome }
}

/**
 * Makes a call unless another made by this function is in flight; then, returns undefined.
 *
 * @param timeoutMs after which a call counts as lost, because the runtime has ended its request
 */
export function tryAlone<T>(timeoutMs: number, call: () => Promise<T>): Promise<T> | undefined {
  if (isTrying()) return undefined
  const mine = { startedAt: Date.now(), timeoutMs }
  trying = mine
  return call().finally(() => {
    if (trying === mine) trying = undefined
  })
}

function isTrying(): boolean {
  return trying !== undefined && ageMs(trying.startedAt) <= trying.timeoutMs
}

export function lastCall(): LastCall {
  return last
}

/** Takes over the last call of another isolate if it is newer. */
export function adoptLastCall(call: LastCall): void {
  if (ageMs(call.endedAt) < ageMs(last.endedAt)) last = call
}
