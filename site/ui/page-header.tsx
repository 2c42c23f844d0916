/** The header of every page. */

import type { View } from '../view.ts'
import { HOME } from '../view.ts'
import { LinkTo } from './link-to.tsx'
import { ThemeChoice } from './theme-choice.tsx'

type Props = {
  current: View['page'] | 'docs'
  /** Undefined if nobody is signed in. */
  onSignOut: (() => void) | undefined
}

export function PageHeader({ current, onSignOut }: Props) {
  const mark = (page: Props['current']) => (page === current ? 'page' : undefined)
  const isInDatasets = current === 'dataset' || current === 'asset'
  return (
    <header class="page-header">
      <button
        type="button"
        class="shortcut"
        onClick={() => document.querySelector('main')?.focus()}
      >
        Skip to the content
      </button>
      <LinkTo view={HOME} class="brand">
        GFW asset catalog
      </LinkTo>
      <nav aria-label="Page">
        <LinkTo view={HOME} current={isInDatasets ? 'true' : mark('home')}>
          Datasets
        </LinkTo>
        <LinkTo view={{ page: 'assets', query: {} }} current={mark('assets')}>
          All assets
        </LinkTo>
        <a href="/docs" aria-current={mark('docs')}>
          API
        </a>
      </nav>
      <div class="end actions">
        <ThemeChoice />
        {onSignOut && (
          <button type="button" class="quiet" onClick={onSignOut}>
            Sign out
          </button>
        )}
      </div>
    </header>
  )
}
