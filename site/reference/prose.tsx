/** Text of the OpenAPI document, of whose Markdown it uses paragraphs, lists and code. */

import type { JSX } from 'preact'

export function Prose({ text }: { text: string }) {
  return (
    <>
      {text.split('\n\n').map((block) =>
        block.startsWith('- ') ? (
          <ul class="points" key={block}>
            {block.split('\n').map((line) => (
              <li key={line}>
                <Code text={line.slice(2)} />
              </li>
            ))}
          </ul>
        ) : (
          <p key={block}>
            <Code text={block} />
          </p>
        ),
      )}
    </>
  )
}

/** A line of text with `code` between backticks. */
export function Code({ text }: { text: string }): JSX.Element {
  const parts = text.split('`')
  return <>{parts.map((part, index) => (index % 2 ? <code key={index}>{part}</code> : part))}</>
}
