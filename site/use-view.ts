/** The view that the page's URL names, and a function that navigates to another one. */

import { useCallback, useEffect, useState } from 'preact/hooks'
import { pageKey, parseView, type View, viewUrl } from './view.ts'

/**
 * Another page is shown from its top.
 *
 * - `replace` keeps the history as it is, for changes that *Back* should not undo one by one.
 * - `back` goes back if that leads to the view, and replaces the view otherwise: closing something
 *   leaves no trace of it in the history.
 */
export type Show = (view: View, options?: { replace?: boolean; back?: boolean }) => void

export function useView(): { view: View; show: Show } {
  const [view, setView] = useState(() => parseView(location.search))

  useEffect(() => {
    const update = () => setView(parseView(location.search))
    addEventListener('popstate', update)
    return () => removeEventListener('popstate', update)
  }, [])

  const show = useCallback<Show>((next, { replace = false, back = false } = {}) => {
    const url = viewUrl(next)
    const current = `${location.pathname}${location.search}`
    const isOtherPage = pageKey(next) !== pageKey(parseView(location.search))
    const { state } = history
    if (url !== current) {
      if (back && state?.previous === url) {
        history.back()
        return
      }
      if (replace || back) history.replaceState(state, '', url)
      else history.pushState({ previous: current }, '', url)
    }
    // Later than the new entry, because the browser remembers the place on the page before.
    if (isOtherPage) scrollTo(0, 0)
    setView(next)
  }, [])

  return { view, show }
}
