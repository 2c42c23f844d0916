/** A labeled text, such as a snippet, with a copy button, and a download button if it is a file. */

import { CopyButton } from './copy-button.tsx'

type Props = {
  label: string
  text: string
  /** Shown above the text. */
  note?: string | undefined
  /** Offers the text as a file of this name. */
  fileName?: string | undefined
}

export function Copyable({ label, text, note, fileName }: Props) {
  return (
    <figure class="copyable" aria-label={label}>
      <figcaption>
        <span class="label">{label}</span>
        {fileName !== undefined && (
          <button
            type="button"
            class="small"
            aria-label={`Download ${label}`}
            onClick={() => download(text, fileName)}
          >
            Download
          </button>
        )}
        <CopyButton label={label} text={text} />
      </figcaption>
      {note !== undefined && <p class="muted">{note}</p>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to take the focus */}
      <pre tabIndex={0}>{text}</pre>
    </figure>
  )
}

/** Saves a text as a file. */
function download(text: string, fileName: string) {
  const url = URL.createObjectURL(new Blob([text]))
  Object.assign(document.createElement('a'), { href: url, download: fileName }).click()
  URL.revokeObjectURL(url)
}
