/** The request behind a view and the JSON that it answers, in a dialog. */

import { useCallback, useRef, useState } from 'preact/hooks'
import { Copyable } from './copyable.tsx'
import { Notice } from './notice.tsx'
import { useLoaded } from './use-loaded.ts'

type Props = {
  /** Path and query at the API, such as `/dataset/umd_tree_cover_loss`. */
  path: string
  /** Sends the request. */
  load: (signal: AbortSignal) => Promise<unknown>
}

export function Source({ path, load }: Props) {
  const dialog = useRef<HTMLDialogElement>(null)
  const [isOpen, setOpen] = useState(false)

  function open() {
    setOpen(true)
    dialog.current?.showModal()
  }

  return (
    <>
      <button type="button" class="copy" onClick={open}>
        Source
      </button>
      <dialog
        ref={dialog}
        class="source"
        closedby="any"
        aria-label="Source"
        onClose={() => setOpen(false)}
      >
        <header class="actions">
          <h2>Source</h2>
          <button
            type="button"
            class="quiet end"
            aria-label="Close"
            onClick={() => dialog.current?.close()}
          >
            ×
          </button>
        </header>
        {isOpen && <Answer path={path} load={load} />}
      </dialog>
    </>
  )
}

function Answer({ path, load }: Props) {
  const url = `${location.origin}${path}`
  const answer = useLoaded(
    useCallback(async (signal) => JSON.stringify(await load(signal), null, 2), [load]),
  )
  return (
    <>
      <p class="muted">This view shows the answer of one request. It needs your token.</p>
      <Copyable label="URL" text={url} />
      <Copyable label="curl" text={`curl -gs -H "Authorization: Bearer $TOKEN" '${url}'`} />
      {answer.problem && <Notice problem={answer.problem} onRetry={answer.retry} />}
      <Copyable label="JSON" text={answer.value ?? 'Loading…'} />
    </>
  )
}
