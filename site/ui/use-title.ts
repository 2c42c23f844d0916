/** Names the page in the tab, the history and bookmarks. */

import { useEffect } from 'preact/hooks'

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · GFW asset catalog`
  }, [title])
}
