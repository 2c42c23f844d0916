/** Links to other pages of a listing, and its page size. */

import type { AssetPage } from '../../packages/client/src/client.ts'
import { useApp } from '../app.ts'
import { LinkTo } from '../ui/link-to.tsx'
import { type Query, toPage } from '../view.ts'

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

  function resize({ currentTarget }: Event) {
    if (!(currentTarget instanceof HTMLSelectElement)) return
    const { query: first } = toPage(query, 1)
    show({ page: 'assets', query: { ...first, 'page[size]': currentTarget.value } })
  }

  return (
    <nav class="paging" aria-label="Pages">
      <ul>
        {targets.map(([name, page]) => (
          <li key={name}>
            {page >= 1 && page <= pages && page !== current ? (
              <LinkTo view={toPage(query, page)}>{name}</LinkTo>
            ) : (
              <span>{name}</span>
            )}
          </li>
        ))}
      </ul>
      <label>
        Rows
        <select value={meta.size} onChange={resize}>
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
