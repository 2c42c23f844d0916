/** Controls the database: it answers or fails, immediately or when released. */

import { type Answer, NEON_ANSWERS } from '../../tools/neon-local/faults.ts'
import { passSeconds } from './clock.ts'
import { spyOnNetwork, type startIsolate } from './worker.ts'

type Isolate = Awaited<ReturnType<typeof startIsolate>>

export type DatabaseState = 'answers' | 'statement fails' | 'unreachable' | 'hangs'

/** The default of `DATABASE_TIMEOUT_MS`, in seconds. */
export const TIMEOUT_SECONDS = 5

/** A response, and its database calls: `none`, `1 in front` of the response, or `1 behind` it. */
export type Observed = { response: Response; answeredAt: number; calls: string }

/** Replaces the Worker's network until mocks are restored. */
export function controlDatabase() {
  const network = spyOnNetwork()
  const passOn = network.getMockImplementation()
  let state: DatabaseState = 'answers'
  let calls = 0
  let gate = Promise.resolve()
  let isHeld = false
  let open = () => {}
  let called = Promise.withResolvers<void>()

  network.mockImplementation(async (input, init) => {
    calls++
    called.resolve()
    await gate
    if (state === 'statement fails') return toResponse(NEON_ANSWERS['neon-statement-timeout'])
    if (state === 'unreachable') return toResponse(NEON_ANSWERS['neon-starting'])
    if (state === 'hangs') throw new DOMException('The operation timed out', 'TimeoutError')
    return passOn?.(input, init) ?? Response.error()
  })

  function hold(): void {
    called = Promise.withResolvers()
    if (isHeld) return
    isHeld = true
    const held = Promise.withResolvers<void>()
    gate = held.promise
    open = held.resolve
  }

  /** Hanging calls end at their time limit. */
  function release(): void {
    if (!isHeld) return
    if (state === 'hangs') passSeconds(TIMEOUT_SECONDS)
    open()
    isHeld = false
    gate = Promise.resolve()
  }

  /** Sends a request while database calls are held, to see whether the response waits for them. */
  async function ask(isolate: Isolate, url: string): Promise<Observed> {
    hold()
    const callsBefore = calls
    let isAnswered = false
    let isSettled = false
    const sent = isolate.request(url).then((answer) => {
      isAnswered = true
      answer.settled.then(() => {
        isSettled = true
      })
      return answer
    })
    await Promise.race([sent, called.promise])
    if (calls > callsBefore && !isAnswered) await scheduler.wait(20)
    const isInFront = !isAnswered
    if (isInFront) release()
    const { response, settled } = await sent
    const answeredAt = Date.now()
    await Promise.race([settled, called.promise])
    // Long enough for `settled` to resolve if it does not wait for the call.
    if (!isInFront && calls > callsBefore) await scheduler.wait(20)
    const isAbandoned = !isInFront && calls > callsBefore && isSettled
    release()
    await settled
    const count = calls - callsBefore
    if (count === 0) return { response, answeredAt, calls: 'none' }
    const place = isAbandoned ? 'abandoned' : isInFront ? 'in front' : 'behind'
    return { response, answeredAt, calls: `${count} ${place}` }
  }

  /** Sends a request, and answers all later calls with the same database response. */
  async function replay(isolate: Isolate, url: string): Promise<void> {
    let recorded: Promise<ArrayBuffer> | undefined
    network.mockImplementation(async (input, init) => {
      calls++
      called.resolve()
      recorded ??= Promise.resolve(passOn?.(input, init) ?? Response.error()).then((answer) =>
        answer.arrayBuffer(),
      )
      return new Response(await recorded)
    })
    await isolate.fetch(url)
  }

  return {
    ask,
    replay,
    hold,
    release,
    /** Number of calls so far. */
    get calls(): number {
      return calls
    },
    /** Resolves at the first call after `hold`. */
    get called(): Promise<void> {
      return called.promise
    },
    set state(next: DatabaseState) {
      state = next
    },
    get state(): DatabaseState {
      return state
    },
  }
}

function toResponse({ status, headers, body }: Answer): Response {
  return new Response(body, { status, headers })
}
