/** Loads a value for a component and retries after failures. */

import { useCallback, useEffect, useLayoutEffect, useState } from 'preact/hooks'
import { type Problem, toProblem } from './problem.ts'

export type Loaded<Value> = {
  /** The last value, which is kept while the next one loads and when it cannot be loaded now. */
  value: Value | undefined
  problem: Problem | undefined
  isLoading: boolean
  retry: () => void
}

/**
 * Loads a value whenever `load` changes. Retries automatically after 429 and 503, honoring
 * `Retry-After`, and when the browser is online again.
 */
export function useLoaded<Value>(load: (signal: AbortSignal) => Promise<Value>): Loaded<Value> {
  const [state, setState] = useState<Omit<Loaded<Value>, 'retry'>>({
    value: undefined,
    problem: undefined,
    isLoading: true,
  })
  const [attempt, setAttempt] = useState(0)
  const retry = useCallback(() => setAttempt((count) => count + 1), [])

  useEffect(() => {
    const aborting = new AbortController()
    const { signal } = aborting
    setState(({ value }) => ({ value, problem: undefined, isLoading: true }))
    load(signal).then(
      (value) => {
        if (!signal.aborted) setState({ value, problem: undefined, isLoading: false })
      },
      (error) => {
        if (signal.aborted) return
        const problem = toProblem(error)
        setState(({ value }) => ({
          value: problem.isTransient ? value : undefined,
          problem,
          isLoading: false,
        }))
      },
    )
    return () => aborting.abort()
  }, [load, attempt])

  const { problem } = state
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

  return { ...state, retry }
}
