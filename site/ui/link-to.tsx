/** A link to a view. A plain click changes the view without reloading the page. */

import type { ComponentChildren } from 'preact'
import type { Show } from '../use-view.ts'
import { type View, viewUrl } from '../view.ts'

type Props = { view: View; show: Show; children: ComponentChildren; label?: string }

export function LinkTo({ view, show, children, label }: Props) {
  function follow(event: MouseEvent) {
    const isPlain = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey)
    if (!isPlain) return
    event.preventDefault()
    show(view)
  }
  return (
    <a href={viewUrl(view)} onClick={follow} aria-label={label}>
      {children}
    </a>
  )
}
