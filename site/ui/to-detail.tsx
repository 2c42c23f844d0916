/** For the keyboard, beside the link of the open asset: in the page, the asset follows all rows. */

import { useMedia, WIDE } from './use-media.ts'

export function ToDetail() {
  // A sheet takes the focus by itself.
  if (!useMedia(WIDE)) return null
  return (
    <button
      type="button"
      class="shortcut"
      onClick={() => document.querySelector<HTMLElement>('.detail')?.focus()}
    >
      To the asset
    </button>
  )
}
