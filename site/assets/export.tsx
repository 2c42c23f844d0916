/** Downloads the whole listing, all pages, as CSV or NDJSON. */

import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { AssetFilters } from '../../packages/client/src/client.ts'
import { useApp } from '../app.ts'
import { count, formatNumber } from '../ui/count.ts'
import { toProblem } from '../ui/problem.ts'
import type { Query } from '../view.ts'
import { type ExportFormat, exportAssets, fileName } from './export-file.ts'

/** The browser has begun to save the file by then, in ms. */
const REVOKE_MS = 60_000

type Progress = { rows: number; total: number }

type Props = {
  query: Query
  total: number | undefined
  /** After an export, the focus goes back to what opened the tool. */
  onFocusBack: () => void
}

export function Export({ query, total, onFocusBack }: Props) {
  const { patientClient } = useApp()
  const [progress, setProgress] = useState<Progress>()
  const [outcome, setOutcome] = useState('')
  const running = useRef<AbortController>(null)
  useEffect(() => () => running.current?.abort(), [])
  // It was of another listing.
  useEffect(() => setOutcome(''), [query])

  async function start(format: ExportFormat) {
    const aborting = new AbortController()
    running.current = aborting
    const { signal } = aborting
    const { 'page[number]': _, 'page[size]': __, ...values } = query
    // Boundary: values are strings from the URL, which the API validates.
    const filters = values as Partial<Record<string, string>> as AssetFilters
    setOutcome('')
    setProgress({ rows: 0, total: total ?? 0 })
    try {
      const { file, rows, differentTotal } = await exportAssets(patientClient, {
        filters,
        format,
        signal,
        onProgress: (rows, total) => setProgress({ rows, total }),
      })
      const name = fileName(filters, format)
      download(file, name)
      setOutcome(message(name, rows, differentTotal))
    } catch (error) {
      const { title, advice } = toProblem(error)
      setOutcome(signal.aborted ? 'Export canceled.' : `Not exported. ${title}: ${advice}`)
    } finally {
      setProgress(undefined)
    }
  }

  return (
    <>
      <p>
        All {total === undefined ? '' : formatNumber(total)} assets, not only this page. NDJSON has
        everything; CSV has a row for each asset, without metadata.
      </p>
      {progress ? (
        <Running
          progress={progress}
          onCancel={() => running.current?.abort()}
          onFocusBack={onFocusBack}
        />
      ) : (
        <p class="actions">
          <button type="button" disabled={total === 0} onClick={() => start('csv')}>
            Download CSV
          </button>
          <button type="button" disabled={total === 0} onClick={() => start('ndjson')}>
            Download NDJSON
          </button>
        </p>
      )}
      <p role="status">{progress ? 'Exporting…' : outcome}</p>
    </>
  )
}

type RunningProps = { progress: Progress; onCancel: () => void; onFocusBack: () => void }

function Running({ progress, onCancel, onFocusBack }: RunningProps) {
  const { rows, total } = progress
  const cancel = useRef<HTMLButtonElement>(null)
  // The focus moves on from the button that was pressed, and in the end to what opens the tool.
  useLayoutEffect(() => {
    cancel.current?.focus()
    return () => {
      if (cancel.current === document.activeElement) onFocusBack()
    }
  }, [onFocusBack])
  return (
    <p class="actions">
      <progress aria-label="Export" value={rows} max={Math.max(total, 1)} />
      <span>
        {formatNumber(rows)} of {formatNumber(total)}
      </span>
      <button ref={cancel} type="button" onClick={onCancel}>
        Cancel
      </button>
    </p>
  )
}

function message(name: string, rows: number, differentTotal: number | undefined): string {
  const saved = `${count(rows, 'asset')} saved as ${name}.`
  if (differentTotal === undefined) return saved
  const counted = formatNumber(differentTotal)
  return `${saved} The catalog changed meanwhile and now has ${counted}: export again.`
}

function download(file: Blob, name: string) {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(file)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), REVOKE_MS)
}
