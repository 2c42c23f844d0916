/**
 * Tells choosing in a select from stepping through it. With the arrow keys, a closed select changes at
 * each step, and the API should see only the last one.
 */

import { useEffect, useRef } from 'preact/hooks'

/** How long stepping has to rest, in ms. Enter and leaving the select end it at once. */
const REST_MS = 700

/** A change this soon after a key, in ms, is a step. */
const STEP_MS = 100

/** Handlers of a form. `apply` is called for each change but for steps, and once after the last step. */
export function useSettledChange(apply: () => void) {
  const lastKey = useRef(Number.NEGATIVE_INFINITY)
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const latest = useRef(apply)
  latest.current = apply
  useEffect(() => () => clearTimeout(timer.current), [])

  function settle() {
    clearTimeout(timer.current)
    timer.current = undefined
    latest.current()
  }

  return {
    onKeyDown(event: KeyboardEvent) {
      if (event.key === 'Enter') {
        if (timer.current !== undefined) settle()
      } else {
        lastKey.current = event.timeStamp
      }
    },
    onChange(event: Event) {
      const isStep =
        event.target instanceof HTMLSelectElement && event.timeStamp - lastKey.current < STEP_MS
      if (!isStep) return settle()
      clearTimeout(timer.current)
      timer.current = setTimeout(settle, REST_MS)
    },
    onFocusOut() {
      if (timer.current !== undefined) settle()
    },
  }
}
