/** The view that the page's URL names, and a function that navigates to another one. */

import { useCallback, useEffect, useState } from 'preact/hooks'
import { parseView, type View, viewUrl } from './view.ts'

export type Show = (view: View) => void

export function useView(): { view: View; show: Show } {
  const [view, setView] = useState(() => parseView(location.search))

  useEffect(() => {
    const update = () => setView(parseView(location.search))
    addEventListener('popstate', update)
    return () => removeEventListener('popstate', update)
  }, [])

  const show = useCallback((next: View) => {
    const url = viewUrl(next)
    if (url !== `${location.pathname}${location.search}`) history.pushState(null, '', url)
    setView(next)
  }, [])

  return { view, show }
}
