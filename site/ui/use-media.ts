/** Whether a media query matches, now and when it changes. */

import { useEffect, useState } from 'preact/hooks'

/** Enough room for a list and, beside it, the open asset. */
export const WIDE = '(min-width: 60rem)'

export function useMedia(query: string): boolean {
  const [matches, setMatches] = useState(() => matchMedia(query).matches)
  useEffect(() => {
    const list = matchMedia(query)
    const update = () => {
      // Paper shows what the screen does.
      if (!matchMedia('print').matches) setMatches(list.matches)
    }
    update()
    // After printing, the window may have another size.
    const lists = [list, matchMedia('print')]
    for (const each of lists) each.addEventListener('change', update)
    return () => {
      for (const each of lists) each.removeEventListener('change', update)
    }
  }, [query])
  return matches
}
