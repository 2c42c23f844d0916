/** Keys that walk a list while one of its assets is open beside it. */

import type { RefObject } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'

const STEPS: Record<string, number> = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }

type Options = {
  /** The open asset, if one is open. */
  assetId: string | undefined
  onOpen: (assetId: string) => void
  onClose: () => void
}

/**
 * ↑/↓ and j/k open the asset next to the row with the focus, or to the open one, and Escape closes the open one, unless the focus is
 * in another part of the page. The focus follows, and returns to the row of an asset that is closed.
 * The rows are the elements with `data-asset`, each with a link.
 */
export function useWalk<List extends HTMLElement>(options: Options): RefObject<List | null> {
  const { assetId, onOpen, onClose } = options
  const list = useRef<List>(null)
  /** Ahead of `assetId` by the keys that are pressed before the next render. */
  const target = useRef<string>(undefined)
  const opened = useRef(assetId)

  // A layout effect, so that no key is lost between the asset's appearance and the next idle moment.
  useLayoutEffect(() => {
    if (!assetId) return
    function onKeyDown(event: KeyboardEvent) {
      const { key, ctrlKey, metaKey, altKey, defaultPrevented } = event
      if (ctrlKey || metaKey || altKey || defaultPrevented || !hasFocus(list.current)) return
      const step = STEPS[key]
      if (step === undefined && key !== 'Escape') return
      event.preventDefault()
      if (step === undefined) return onClose()
      const rows = rowsOf(list.current)
      const focused = rows.find((row) => row.contains(document.activeElement))?.dataset.asset
      // The focus is behind while keys are pressed before the next render.
      const from = target.current ?? focused ?? assetId
      const row = rows[rows.findIndex(({ dataset }) => dataset.asset === from) + step]
      const id = row?.dataset.asset
      if (!id) return
      // The effect below does not run for the asset that is open already.
      target.current = id === assetId ? undefined : id
      if (id === assetId) row.querySelector('a')?.focus()
      onOpen(id)
    }
    addEventListener('keydown', onKeyDown)
    return () => removeEventListener('keydown', onKeyDown)
  }, [assetId, onOpen, onClose])

  useLayoutEffect(() => {
    const id = target.current ?? (assetId ? undefined : opened.current)
    target.current = undefined
    opened.current = assetId
    if (!id || !hasFocus(list.current)) return
    const row = rowsOf(list.current).find(({ dataset }) => dataset.asset === id)
    row?.querySelector('a')?.focus()
  }, [assetId])

  return list
}

/** Whether the list has the focus, or the page as a whole. */
function hasFocus(list: HTMLElement | null): boolean {
  const { activeElement } = document
  const isPage = !activeElement || activeElement.contains(list)
  return (isPage || !!list?.contains(activeElement)) && !document.querySelector(':modal')
}

function rowsOf(list: HTMLElement | null): HTMLElement[] {
  return [...(list?.querySelectorAll<HTMLElement>('[data-asset]') ?? [])]
}
