/** Links to other pages of a listing, and its page size. It stays at the lower edge of the window. */

import { useRef } from 'preact/hooks'
import type { AssetPage } from '../../packages/client/src/client.ts'
import { useApp } from '../app.ts'
import { LinkTo } from '../ui/link-to.tsx'
import { type Query, toPage } from '../view.ts'
import { useSettledChange } from './use-settled-change.ts'

const SIZES = ['10', '25', '100', '1000']

type Props = { meta: AssetPage['meta']; query: Query }

export function Paging({ meta, query }: Props) {
  const { show } = useApp()
  const current = Number(query['page[number]'] ?? 1)
  const pages = Number(meta.total_pages)
  const targets: [name: string, page: number][] = [
    ['First', 1],
    ['Previous', current - 1],
    ['Next', current + 1],
    ['Last', pages],
  ]

  const sizes = useRef<HTMLSelectElement>(null)
  const changes = useSettledChange(() => {
    const size = sizes.current?.value
    if (!size || size === meta.size) return
    const { query: first } = toPage(query, 1)
    show({ page: 'assets', query: { ...first, 'page[size]': size } })
  })

  return (
    <nav class="paging" aria-label="Pages">
      <ul>
        {targets.map(([name, page]) => (
          <li key={name}>
            <LinkTo
              view={toPage(query, Math.min(Math.max(page, 1), pages))}
              disabled={page < 1 || page > pages || page === current}
            >
              {name}
            </LinkTo>
          </li>
        ))}
      </ul>
      <span class="muted">
        Page {current} of {pages}
      </span>
      <label>
        Rows{' '}
        <select ref={sizes} value={meta.size} {...changes}>
          {(SIZES.includes(meta.size) ? SIZES : [meta.size, ...SIZES]).map((size) => (
            <option key={size} value={size}>
              {size}
            </option>
          ))}
        </select>
      </label>
    </nav>
  )
}
