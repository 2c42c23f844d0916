/** The view that the page's URL names, and a function that navigates to another one. */

import { useCallback, useEffect, useState } from 'preact/hooks'
import { parseView, type View, viewUrl } from './view.ts'

/** `replace` keeps the history as it is, for changes that *Back* should not undo one by one. */
export type Show = (view: View, options?: { replace?: boolean }) => void

export function useView(): { view: View; show: Show } {
  const [view, setView] = useState(() => parseView(location.search))

  useEffect(() => {
    const update = () => setView(parseView(location.search))
    addEventListener('popstate', update)
    return () => removeEventListener('popstate', update)
  }, [])

  const show = useCallback<Show>((next, { replace = false } = {}) => {
    const url = viewUrl(next)
    if (url !== `${location.pathname}${location.search}`) {
      history[replace ? 'replaceState' : 'pushState'](null, '', url)
    }
    setView(next)
  }, [])

  return { view, show }
}
