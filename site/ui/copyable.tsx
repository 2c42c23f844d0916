/** A labeled text, such as a snippet, with a copy button. */

import { CopyButton } from './copy-button.tsx'

type Props = { label: string; text: string }

export function Copyable({ label, text }: Props) {
  return (
    <figure class="copyable">
      <figcaption>
        {label}
        <CopyButton label={label} text={text} />
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to take the focus */}
      <pre tabIndex={0}>{text}</pre>
    </figure>
  )
}
