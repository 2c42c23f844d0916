/** An error message with advice and ways out, shown in place of what failed to load or above it. */

import type { ComponentChildren } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { Problem } from './problem.ts'

type Props = {
  problem: Problem
  onRetry: () => void
  /** Links to what can be shown instead. */
  children?: ComponentChildren
}

export function Notice({ problem, onRetry, children }: Props) {
  const { title, advice, faults, retrySeconds, canRetry } = problem
  const section = useRef<HTMLElement>(null)
  useFocusAfter(section)
  return (
    <section ref={section} class="problem">
      <div role="alert">
        <h2>{title}</h2>
        {faults.length > 0 && (
          <ul>
            {faults.map((fault) => (
              <li key={fault}>{fault}</li>
            ))}
          </ul>
        )}
        <p>{advice}</p>
      </div>
      {retrySeconds !== undefined && <Countdown key={problem} seconds={retrySeconds} />}
      <p class="actions">
        {canRetry && (
          <button type="button" onClick={onRetry}>
            Try again
          </button>
        )}
        {children}
      </p>
    </section>
  )
}

/** Not in the alert: assistive technology must not speak it each second. */
function Countdown({ seconds }: { seconds: number }) {
  const [left, setLeft] = useState(Math.ceil(seconds))
  useEffect(() => {
    const end = Date.now() + seconds * 1000
    const update = () => setLeft(Math.max(0, Math.ceil((end - Date.now()) / 1000)))
    const timer = setInterval(update, 1000)
    return () => clearInterval(timer)
  }, [seconds])
  return <p role="timer">{left > 0 ? `Trying again in ${left} s.` : 'Trying again…'}</p>
}

/** When the notice goes away with the focus in it, the focus moves to the page's content. */
function useFocusAfter(section: { current: HTMLElement | null }) {
  useLayoutEffect(
    () => () => {
      if (!section.current?.contains(document.activeElement)) return
      const main = section.current.closest<HTMLElement>('.detail, .sheet, main')
      if (!main) return
      main.tabIndex = -1
      main.focus({ preventScroll: true })
    },
    [section],
  )
}
