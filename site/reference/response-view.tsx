/** The response to a request. */

import { CopyButton } from '../ui/copy-button.tsx'

export type Received = { answer: Response; text: string; milliseconds: number } | { error: string }

/** More is slow to lay out. It can be copied in full. */
const SHOWN_LENGTH = 50_000

export function ResponseView({ received }: { received: Received }) {
  if ('error' in received) return <p class="problem">{received.error}</p>
  const { answer, text, milliseconds } = received
  const body = format(text)
  return (
    <section class="received">
      <h4>Response</h4>
      <p class="actions">
        <strong>
          {answer.status} {answer.statusText}
        </strong>
        <span class="muted">
          {Math.round(milliseconds)} ms, {text.length.toLocaleString('en-US')} characters
        </span>
        {body && <CopyButton label="response" text={body} />}
      </p>
      {body && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region takes the focus
        <pre tabIndex={0}>
          {body.slice(0, SHOWN_LENGTH)}
          {body.length > SHOWN_LENGTH && '…'}
        </pre>
      )}
      <details>
        <summary>Headers</summary>
        <dl class="headers">
          {[...answer.headers].map(([name, value]) => (
            <div key={name}>
              <dt class="mono">{name}</dt>
              <dd class="mono">{value}</dd>
            </div>
          ))}
        </dl>
      </details>
    </section>
  )
}

function format(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    // Not JSON.
    return text
  }
}
