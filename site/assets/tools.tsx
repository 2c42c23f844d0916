/** Shows the request of the listing, or exports all of its pages. Both open below their buttons. */

import { useCallback, useRef, useState } from 'preact/hooks'
import type { Query } from '../view.ts'
import { Export } from './export.tsx'
import { Request } from './request.tsx'

type Tool = 'Request' | 'Export'

type Props = { query: Query; total: number | undefined }

export function Tools({ query, total }: Props) {
  const [open, setOpen] = useState<Tool>()
  const exportButton = useRef<HTMLButtonElement>(null)
  const focusExport = useCallback(() => exportButton.current?.focus(), [])

  const opener = (tool: Tool) => ({
    type: 'button' as const,
    class: 'quiet',
    'aria-expanded': tool === open,
    'aria-controls': tool,
    onClick: () => setOpen(tool === open ? undefined : tool),
  })
  return (
    <>
      <p class="tools">
        <button {...opener('Request')}>Request</button>
        <button {...opener('Export')} ref={exportButton}>
          Export
        </button>
      </p>
      <div id="Request" class="tool" hidden={open !== 'Request'}>
        <Request query={query} />
      </div>
      {/* Hidden, an export goes on. */}
      <div id="Export" class="tool" hidden={open !== 'Export'}>
        <Export query={query} total={total} onFocusBack={focusExport} />
      </div>
    </>
  )
}
