/** Names the page in the tab, the history and bookmarks. */

import { useEffect } from 'preact/hooks'

const SITE = 'GFW asset catalog'

/** The titles of what is shown, the outermost first. */
const shown: { text: string }[] = []

/**
 * The title that was added last is shown, and the one before it when its component is gone: that of an
 * asset while it is open, then again that of its dataset. Nothing is added without a title.
 */
export function useTitle(title: string | undefined): void {
  useEffect(() => {
    if (!title) return
    const entry = { text: title }
    shown.push(entry)
    update()
    return () => {
      shown.splice(shown.indexOf(entry), 1)
      update()
    }
  }, [title])
}

function update() {
  const last = shown.at(-1)
  document.title = last ? `${last.text} · ${SITE}` : SITE
}
