/** Text with a copy button. */

import { useState } from 'preact/hooks'

type Props = { label: string; text: string }

export function Copyable({ label, text }: Props) {
  const [outcome, setOutcome] = useState('')

  async function copy() {
    try {
      await navigator.clipboard.writeText(text)
      setOutcome('Copied')
    } catch {
      // The browser may deny clipboard access.
      setOutcome('Copying is blocked: select the text')
    }
  }

  return (
    <figure class="copyable">
      <figcaption>
        {label}
        <span>
          <span role="status">{outcome}</span>
          <button type="button" aria-label={`Copy ${label}`} onClick={copy}>
            Copy
          </button>
        </span>
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to take the focus */}
      <pre tabIndex={0}>{text}</pre>
    </figure>
  )
}
