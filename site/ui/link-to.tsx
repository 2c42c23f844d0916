/** A link to a view. A plain click changes the view without reloading the page. */

import type { ComponentChildren } from 'preact'
import { useApp } from '../app.ts'
import { type View, viewUrl } from '../view.ts'

type Props = {
  view: View
  children: ComponentChildren
  label?: string
  class?: string | undefined
  /** Marks the link of the view that is shown. */
  current?: 'page' | 'true' | undefined
  /** Keeps the history as it is. */
  replace?: boolean
  /** It leads nowhere now. It keeps the focus, if it has it. */
  disabled?: boolean
}

export function LinkTo(props: Props) {
  const { view, children, label, class: style, current, replace = false, disabled = false } = props
  const { show } = useApp()
  function follow(event: MouseEvent) {
    const isPlain = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey)
    if (!isPlain) return
    event.preventDefault()
    if (!disabled) show(view, { replace })
  }
  return (
    <a
      href={viewUrl(view)}
      tabIndex={disabled ? -1 : 0}
      aria-disabled={disabled || undefined}
      class={style}
      onClick={follow}
      aria-label={label}
      aria-current={current}
    >
      {children}
    </a>
  )
}
