/** An error message with advice, shown in place of the content that failed to load. */

import type { ComponentChildren } from 'preact'
import type { Problem } from './problem.ts'

type Props = {
  problem: Problem
  onRetry: () => void
  /** Links shown instead of the retry button if the query is invalid. */
  children?: ComponentChildren
}

export function Notice({ problem, onRetry, children }: Props) {
  const { title, advice, faults, retrySeconds } = problem
  return (
    <section class="problem" role="alert">
      <h2>{title}</h2>
      {faults.length > 0 && (
        <ul>
          {faults.map((fault) => (
            <li key={fault}>{fault}</li>
          ))}
        </ul>
      )}
      <p>{advice}</p>
      {retrySeconds !== undefined && <p>Retrying in {Math.ceil(retrySeconds)} s.</p>}
      <p class="actions">
        {faults.length > 0 ? (
          children
        ) : (
          <button type="button" onClick={onRetry}>
            Try again
          </button>
        )}
      </p>
    </section>
  )
}
