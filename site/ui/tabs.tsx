/**
 * Tabs (WAI-ARIA, "Tabs with automatic activation"): arrow keys, Home and End choose one. The last
 * choice is remembered, also for other pages whose tabs have the same key.
 */

import type { ComponentChildren } from 'preact'
import { useId, useRef, useState } from 'preact/hooks'

export type Tab = { id: string; label: string; content: ComponentChildren }

type Props = {
  /** The accessible name of the list. */
  label: string
  tabs: readonly Tab[]
  /** Where the choice is remembered in `localStorage`. */
  storageKey: string
}

const STEPS: Record<string, number> = { ArrowRight: 1, ArrowLeft: -1 }

export function Tabs({ label, tabs, storageKey }: Props) {
  const [chosen, setChosen] = useState(() => localStorage.getItem(storageKey))
  const list = useRef<HTMLDivElement>(null)
  const prefix = useId()
  const active = tabs.find((tab) => tab.id === chosen) ?? tabs[0]
  if (!active) return null

  function choose(id: string) {
    localStorage.setItem(storageKey, id)
    setChosen(id)
  }

  const onKeyDown = (event: KeyboardEvent) => {
    const current = tabs.indexOf(active)
    const next = nextTab(event.key, current, tabs.length)
    const tab = next === undefined ? undefined : tabs[next]
    if (!tab) return
    event.preventDefault()
    choose(tab.id)
    list.current?.querySelector<HTMLElement>(`[data-tab="${tab.id}"]`)?.focus()
  }

  return (
    <div class="tabs">
      <div ref={list} role="tablist" aria-label={label} onKeyDown={onKeyDown}>
        {tabs.map(({ id, label }) => (
          <button
            key={id}
            type="button"
            role="tab"
            id={`${prefix}-${id}`}
            data-tab={id}
            aria-selected={id === active.id}
            aria-controls={`${prefix}-panel`}
            tabIndex={id === active.id ? 0 : -1}
            onClick={() => choose(id)}
          >
            {label}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${prefix}-panel`} aria-labelledby={`${prefix}-${active.id}`}>
        {active.content}
      </div>
    </div>
  )
}

function nextTab(key: string, current: number, count: number): number | undefined {
  if (key === 'Home') return 0
  if (key === 'End') return count - 1
  const step = STEPS[key]
  return step && (current + step + count) % count
}
