/** The text of the search box, which the URL follows when typing pauses. */

import { useEffect, useRef, useState } from 'preact/hooks'
import { useApp } from '../app.ts'
import { type HomeView, parseView } from '../view.ts'

/** Safari allows 100 changes of the URL in 30 seconds. */
const PAUSE_MS = 300

export type SearchText = {
  text: string
  setText: (text: string) => void
  /** Updates the URL now, because the page may be left. */
  flush: () => void
}

export function useSearchText(view: HomeView): SearchText {
  const { show } = useApp()
  const [text, setText] = useState(view.search ?? '')
  const written = useRef(view.search)
  const search = text.trim() || undefined

  function flush() {
    // Not `view.search`, which is behind: the box loses the focus when Enter leaves the page.
    if (search === written.current) return
    // Back has led to another page: the box, which is gone, loses the focus.
    if (parseView(location.search).page !== 'home') return
    written.current = search
    show({ ...view, search }, { replace: true })
  }

  useEffect(() => {
    const timer = setTimeout(flush, PAUSE_MS)
    return () => clearTimeout(timer)
  })

  useEffect(() => {
    // Back, Forward or a link: what this hook wrote may be behind the text already.
    if (view.search !== written.current) setText(view.search ?? '')
    written.current = view.search
  }, [view.search])

  return { text, setText, flush }
}
