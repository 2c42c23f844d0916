/** The way up from a page: the views above it, and its own name. */

import type { View } from '../view.ts'
import { BreakableName } from './breakable-name.tsx'
import { LinkTo } from './link-to.tsx'

export type Crumb = { name: string; view: View }

export function Breadcrumbs({ above, name }: { above: Crumb[]; name: string }) {
  return (
    <nav class="breadcrumbs" aria-label="Breadcrumbs">
      <ol>
        {above.map((crumb) => (
          <li key={crumb.name}>
            <LinkTo view={crumb.view}>
              <BreakableName name={crumb.name} />
            </LinkTo>
          </li>
        ))}
        <li aria-current="page">
          <BreakableName name={name} />
        </li>
      </ol>
    </nav>
  )
}
