/** What is loaded for the page: its value, the problem it met, and asking again. */

import { useCallback, useEffect, useLayoutEffect, useState } from 'preact/hooks'
import { type Problem, toProblem } from './problem.ts'

export type Loaded<Value> = {
  /** The last value, while another is loaded too. */
  value: Value | undefined
  problem: Problem | undefined
  isLoading: boolean
  retry: () => void
}

/**
 * Loads a value, and again whenever `load` is another function. It is asked again by itself when
 * the API says so (429, 503), and when the network is back.
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
        setState({ value: undefined, problem: toProblem(error), isLoading: false })
      },
    )
    return () => aborting.abort()
  }, [load, attempt])

  const { problem } = state
  // With the problem on the page, not after it is painted: the network may be back by then.
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
