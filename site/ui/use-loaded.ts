/** Loads a value for a component and retries after failures. */

import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { showsStale, staleSince } from './freshness.ts'
import { type Problem, toProblem } from './problem.ts'

/** How often a stale value is loaded again. */
const REFRESH_MS = 30_000

export type Loaded<Value> = {
  /** The last value, which is kept while the next one loads and when it cannot be loaded now. */
  value: Value | undefined
  /** Kept while the same load is retried, so that its message does not flicker. */
  problem: Problem | undefined
  isLoading: boolean
  retry: () => void
}

type State<Value> = Omit<Loaded<Value>, 'retry'> & {
  /** If the value is stale: when it was last known to be current, in ms since 1970. */
  since: number | undefined
}

/**
 * Loads a value whenever `load` changes. Retries automatically after 429 and 503, honoring
 * `Retry-After`, and when the browser is online again. Refreshes a stale value quietly.
 */
export function useLoaded<Value>(load: (signal: AbortSignal) => Promise<Value>): Loaded<Value> {
  const [{ since, ...state }, setState] = useState<State<Value>>({
    value: undefined,
    problem: undefined,
    isLoading: true,
    since: undefined,
  })
  const [attempt, setAttempt] = useState({ isQuiet: false })
  const retry = useCallback(() => setAttempt({ isQuiet: false }), [])
  const lastLoad = useRef(load)

  useEffect(() => {
    const aborting = new AbortController()
    const { signal } = aborting
    const isRetry = lastLoad.current === load
    const isLoading = !(isRetry && attempt.isQuiet)
    lastLoad.current = load
    setState((last) => ({ ...last, problem: isRetry ? last.problem : undefined, isLoading }))
    load(signal).then(
      (value) => {
        if (signal.aborted) return
        setState({ value, problem: undefined, isLoading: false, since: staleSince(signal) })
      },
      (error) => {
        if (signal.aborted) return
        const problem = toProblem(error)
        setState(({ value, since }) => ({
          ...(problem.isTransient ? { value, since } : { value: undefined, since: undefined }),
          problem,
          isLoading: false,
        }))
      },
    )
    return () => aborting.abort()
  }, [load, attempt])

  useRetries(state.problem, retry)
  useRefresh(since, setAttempt)
  return { ...state, retry }
}

function useRetries(problem: Problem | undefined, retry: () => void) {
  // A layout effect: after painting, the `online` event may already have fired.
  useLayoutEffect(() => {
    if (!problem) return
    addEventListener('online', retry)
    const { retrySeconds } = problem
    const timer = retrySeconds === undefined ? undefined : setTimeout(retry, retrySeconds * 1000)
    return () => {
      removeEventListener('online', retry)
      clearTimeout(timer)
    }
  }, [problem, retry])
}

function useRefresh(since: number | undefined, start: (attempt: { isQuiet: boolean }) => void) {
  const owner = useRef({}).current
  useEffect(() => {
    showsStale(owner, since)
    if (since === undefined) return
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') start({ isQuiet: true })
    }, REFRESH_MS)
    return () => clearInterval(timer)
  }, [since, owner, start])
  useEffect(() => () => showsStale(owner, undefined), [owner])
}
