/** Chooses a version to compare the chosen one with. */

import { useApp } from '../app.ts'
import type { DatasetView } from '../view.ts'

type Props = {
  versions: readonly string[]
  chosen: string
  other: string | undefined
  view: DatasetView
}

export function CompareChoice({ versions, chosen, other, view }: Props) {
  const { show } = useApp()

  function choose({ currentTarget }: Event) {
    if (!(currentTarget instanceof HTMLSelectElement)) return
    const compare = currentTarget.value || undefined
    // Arrow keys pass several versions, which Back should not show one by one.
    show({ ...view, version: chosen, compare }, { replace: other !== undefined })
  }

  return (
    <select class="end" aria-label="Compare with" value={other ?? ''} onChange={choose}>
      <option value="">{other ? 'Stop comparing' : 'Compare with…'}</option>
      {versions
        .filter((version) => version !== chosen)
        .map((version) => (
          <option key={version} value={version}>
            {version}
          </option>
        ))}
    </select>
  )
}
