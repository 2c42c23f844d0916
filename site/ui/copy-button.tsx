/** A button that copies a text and says so. */

import { useEffect, useState } from 'preact/hooks'

/** How long the outcome is shown, in ms. */
const SHOWN_MS = 2000

type Props = {
  /** What is copied, for screen readers: `Copy ${label}`. */
  label: string
  /** A function gives the text of the moment, such as the page's URL. */
  text: string | (() => string)
  class?: string
  /** What the button shows: the name begins with it. */
  verb?: string
}

export function CopyButton({ label, text, class: style = '', verb = 'Copy' }: Props) {
  const [outcome, setOutcome] = useState('')

  useEffect(() => {
    if (!outcome) return
    const timer = setTimeout(() => setOutcome(''), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [outcome])

  async function copy() {
    try {
      await navigator.clipboard.writeText(typeof text === 'string' ? text : text())
      setOutcome('Copied')
    } catch {
      // The browser may deny clipboard access.
      setOutcome('Blocked: select the text')
    }
  }

  return (
    <button type="button" class={`copy ${style}`} aria-label={`${verb} ${label}`} onClick={copy}>
      <span role="status">{outcome}</span>
      <span class={outcome ? 'visually-hidden' : ''} aria-hidden="true">
        {verb}
      </span>
    </button>
  )
}
