/** The color scheme: the system's, unless the reader chose one. */

export type Theme = 'auto' | 'light' | 'dark'
export type Scheme = 'light' | 'dark'

const KEY = 'theme'
const systemIsDark = matchMedia('(prefers-color-scheme: dark)')
const listeners = new Set<(scheme: Scheme) => void>()

export function chosenTheme(): Theme {
  const { theme } = document.documentElement.dataset
  return theme === 'light' || theme === 'dark' ? theme : 'auto'
}

/** Applies a theme and remembers it for later visits. */
export function chooseTheme(theme: Theme): void {
  if (theme === 'auto') localStorage.removeItem(KEY)
  else localStorage.setItem(KEY, theme)
  applyTheme(theme)
}

/** Applies the remembered theme. Call it before anything is shown. */
export function applyRememberedTheme(): void {
  const remembered = localStorage.getItem(KEY)
  applyTheme(remembered === 'light' || remembered === 'dark' ? remembered : 'auto')
}

/** The scheme that is shown now. */
export function currentScheme(): Scheme {
  const theme = chosenTheme()
  if (theme !== 'auto') return theme
  return systemIsDark.matches ? 'dark' : 'light'
}

/** Calls `listener` when the scheme may have changed. Returns a function that stops it. */
export function onScheme(listener: (scheme: Scheme) => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function applyTheme(theme: Theme) {
  document.documentElement.dataset.theme = theme
  notify()
}

function notify() {
  for (const listener of listeners) listener(currentScheme())
}

systemIsDark.addEventListener('change', notify)
