/** Chooses the color scheme. */

import { useState } from 'preact/hooks'
import { chooseTheme, chosenTheme, type Theme } from '../theme.ts'

const LABELS: Record<Theme, string> = { auto: 'Auto', light: 'Light', dark: 'Dark' }

export function ThemeChoice() {
  const [theme, setTheme] = useState(chosenTheme)

  function choose({ currentTarget }: Event) {
    if (!(currentTarget instanceof HTMLSelectElement)) return
    // Boundary: the options are the themes.
    const next = currentTarget.value as Theme
    chooseTheme(next)
    setTheme(next)
  }

  return (
    <select class="quiet" aria-label="Theme" value={theme} onChange={choose}>
      {Object.entries(LABELS).map(([value, label]) => (
        <option key={value} value={value}>
          {label}
        </option>
      ))}
    </select>
  )
}
