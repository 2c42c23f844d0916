/**
 * The open asset beside a list. On wide screens it is a column, and the list stays usable; on narrow
 * ones it is a sheet that Escape closes.
 */

import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { useMedia, WIDE } from './use-media.ts'

type Props = { label: string; onClose: () => void; children: ComponentChildren }

export function DetailPane({ label, onClose, children }: Props) {
  const bar = (
    <div class="pane-bar">
      <span>{label}</span>
      <button type="button" class="close quiet" aria-label="Close" onClick={onClose}>
        ×
      </button>
    </div>
  )
  if (!useMedia(WIDE)) {
    return (
      <Sheet label={label} onClose={onClose}>
        {bar}
        {children}
      </Sheet>
    )
  }
  function onKeyDown(event: KeyboardEvent) {
    if (event.key === 'Escape' && !event.defaultPrevented) onClose()
  }
  return (
    <aside class="detail" aria-label={label} tabIndex={-1} onKeyDown={onKeyDown}>
      {bar}
      {children}
    </aside>
  )
}

function Sheet({ label, onClose, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const opener = document.activeElement
    dialog.current?.showModal()
    return () => {
      // A dialog removed without `close()` (browser Back) does not restore focus. It is still modal
      // here, so focus moves after its removal.
      if (opener instanceof HTMLElement) queueMicrotask(() => opener.focus())
    }
  }, [])
  return (
    <dialog ref={dialog} class="sheet" closedby="any" aria-label={label} onClose={onClose}>
      {children}
    </dialog>
  )
}
