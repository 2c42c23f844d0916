/** ↓ and ↑ walk from the search box through the rows. */

/** Handles a key that is pressed inside of the element that holds the box and the rows. */
export function walkRows(event: KeyboardEvent): void {
  const { key, currentTarget, target } = event
  const step = key === 'ArrowDown' ? 1 : key === 'ArrowUp' ? -1 : 0
  const hasModifier = event.ctrlKey || event.metaKey || event.altKey || event.shiftKey
  if (step === 0 || hasModifier) return
  if (!(currentTarget instanceof HTMLElement && target instanceof HTMLElement)) return
  const stops = [...currentTarget.querySelectorAll<HTMLElement>('input[type=search], .row-link')]
  const from = stops.indexOf(target)
  const to = stops[from + step]
  if (from < 0 || !to) return
  event.preventDefault()
  to.focus()
}
