/** A problem in the place of what it kept from being shown, and what to do. */

import type { ComponentChildren } from 'preact'
import type { Problem } from './problem.ts'

type Props = {
  problem: Problem
  onRetry: () => void
  /** Ways out, where the problem is in what was asked for. */
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
      {retrySeconds !== undefined && <p>Asked again in {Math.ceil(retrySeconds)} s.</p>}
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
