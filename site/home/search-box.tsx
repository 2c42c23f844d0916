/** The search box. `/` focuses it, ↓ goes to the first dataset, and Enter opens it. */

import { useEffect, useRef } from 'preact/hooks'
import { MAX_SEARCH_LENGTH } from '../limits.ts'
import { useMedia, WIDE } from '../ui/use-media.ts'

type Props = {
  text: string
  onText: (text: string) => void
  /** Enter, or Search on the keyboard of a phone. */
  onOpen: () => void
  onBlur: () => void
}

export function SearchBox({ text, onText, onOpen, onBlur }: Props) {
  const input = useRef<HTMLInputElement>(null)
  const isWide = useMedia(WIDE)

  useEffect(() => {
    // On phones, the keyboard would cover the datasets.
    if (matchMedia(WIDE).matches) input.current?.focus({ preventScroll: true })
    const focusOnSlash = (event: KeyboardEvent) => {
      const hasModifier = event.ctrlKey || event.metaKey || event.altKey
      if (event.key !== '/' || hasModifier || isTyping(event.target)) return
      event.preventDefault()
      input.current?.focus()
      input.current?.select()
    }
    addEventListener('keydown', focusOnSlash)
    return () => removeEventListener('keydown', focusOnSlash)
  }, [])

  function submit(event: SubmitEvent) {
    event.preventDefault()
    onOpen()
  }

  return (
    // biome-ignore lint/a11y/useSemanticElements: the form is needed for the Search key of phones
    <form role="search" class="search-box" onSubmit={submit}>
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <circle cx="10.5" cy="10.5" r="6.5" />
        <path d="m15.5 15.5 5 5" />
      </svg>
      <input
        ref={input}
        type="search"
        name="search"
        aria-label="Search datasets"
        placeholder={`${isWide ? 'Search datasets, such as' : 'Try'} tree cover loss`}
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        enterkeyhint="search"
        maxLength={MAX_SEARCH_LENGTH}
        value={text}
        onInput={({ currentTarget }) => onText(currentTarget.value)}
        onBlur={onBlur}
      />
      <span class="key" aria-hidden="true">
        /
      </span>
    </form>
  )
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input, textarea, select, dialog *')
}
