/** The versions of a dataset, newest first, each with the types of its assets. */

import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { Asset } from '../../packages/client/src/client.ts'
import { useVersionTypes } from '../asset/use-version-types.ts'
import type { OfVersion } from '../asset/version-types.ts'
import { LinkTo } from '../ui/link-to.tsx'
import { TypeBadge } from '../ui/type-badge.tsx'
import type { DatasetView } from '../view.ts'
import type { DatasetContent } from './load-dataset.ts'
import { countTypes } from './version-assets.ts'

type Props = {
  content: DatasetContent
  /** The assets of each version, if those of the dataset are loaded. */
  byVersion: ReadonlyMap<string, Asset[]>
  chosen: string
  /** The view that shows a version. */
  viewOf: (version: string) => DatasetView
  /** Whether the list has a column of its own. */
  isColumn: boolean
}

export function VersionList({ content, byVersion, chosen, viewOf, isColumn }: Props) {
  const { dataset, versions, latest, whole } = content
  const list = (
    <ol class="versions">
      {versions.map((version) => (
        <li key={version}>
          <LinkTo view={viewOf(version)} current={version === chosen ? 'true' : undefined}>
            <span class="version">
              <b>{version}</b>
              {version === latest && <span class="badge latest">latest</span>}
            </span>
            {whole ? (
              <Types assets={byVersion.get(version) ?? []} />
            ) : (
              <ReadTypes dataset={dataset} version={version} />
            )}
          </LinkTo>
        </li>
      ))}
    </ol>
  )
  if (isColumn) {
    return (
      <nav class="version-column" aria-labelledby="versions">
        <h2 id="versions">Versions</h2>
        {list}
      </nav>
    )
  }
  return (
    <nav aria-label="Versions">
      <VersionChoice chosen={chosen}>
        <summary>
          Version <b>{chosen}</b>
          {chosen === latest && <span class="badge latest">latest</span>}
          <span class="muted">of {versions.length}</span>
        </summary>
        {list}
      </VersionChoice>
    </nav>
  )
}

/** Closes when a version is chosen, because the assets are below. */
function VersionChoice({ chosen, children }: { chosen: string; children: ComponentChildren }) {
  const details = useRef<HTMLDetailsElement>(null)
  useEffect(() => {
    const { current } = details
    if (!current?.open) return
    current.open = false
    current.querySelector('summary')?.focus()
  }, [chosen])
  return (
    <details ref={details} class="version-choice">
      {children}
    </details>
  )
}

function Types({ assets }: { assets: Asset[] }) {
  return (
    <span class="types">
      {countTypes(assets).map(({ type, count }) => (
        <TypeBadge key={type} type={type} count={count} />
      ))}
      {assets.length === 0 && <small>No assets</small>}
    </span>
  )
}

/** In a large dataset, types are read when their version is seen. */
function ReadTypes(version: OfVersion) {
  const { ref, types = [] } = useVersionTypes(version)
  return (
    <span ref={ref} class="types">
      {types.map((type) => (
        <TypeBadge key={type} type={type} />
      ))}
    </span>
  )
}
