/** The form for the filters of `GET /assets`, applied on change and on submit. */

import type { ComponentChild } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { Dataset } from '../../packages/client/src/client.ts'
import { ASSET_STATUSES, ASSET_TYPES } from '../../src/api/asset-types.ts'
import { useApp } from '../app.ts'
import { Choice } from '../ui/choice.tsx'
import { LinkTo } from '../ui/link-to.tsx'
import { type Parameter, type Query, toQuery } from '../view.ts'

/** Dataset names and URIs must not be corrected by the browser. */
const NO_CORRECTIONS = { autocomplete: 'off', autocapitalize: 'off', spellcheck: false } as const

const YES_OR_NO = ['true', 'false']

type FilterName = Exclude<Parameter, 'page[number]' | 'page[size]'>

type Props = { query: Query; datasets: Dataset[] }

export function Filters({ query, datasets }: Props) {
  const { show } = useApp()
  /** The form's values, including those not applied yet. */
  const [draft, setDraft] = useState(query)
  const form = useRef<HTMLFormElement>(null)
  // A layout effect, because Enter fires change and then submit, and submit must see the new draft.
  useLayoutEffect(() => setDraft(query), [query])

  const formQuery = () => (form.current ? toQuery(new FormData(form.current)) : query)

  function apply(event: Event) {
    event.preventDefault()
    const { version, ...filters } = formQuery()
    // A version belongs to its dataset.
    const hasVersion = version === 'latest' || filters.dataset === query.dataset
    const { 'page[size]': size } = query
    const next = {
      ...filters,
      ...(version && hasVersion && { version }),
      ...(size && { 'page[size]': size }),
    }
    show({ page: 'assets', query: next })
  }

  function choice(name: FilterName, label: string, options: readonly string[]) {
    return <Choice key={name} name={name} label={label} value={draft[name]} options={options} />
  }

  const versions = datasets.find(({ dataset }) => dataset === draft.dataset)?.versions ?? []
  const controls: Record<FilterName, ComponentChild> = {
    dataset: (
      <label key="dataset" class="wide">
        Dataset
        <input
          name="dataset"
          list="datasets"
          value={draft.dataset ?? ''}
          placeholder="any; type to search"
          {...NO_CORRECTIONS}
        />
        <datalist id="datasets">
          {datasets.map(({ dataset }) => (
            <option key={dataset} value={dataset} />
          ))}
        </datalist>
      </label>
    ),
    version: choice('version', 'Version', ['latest', ...versions.toReversed()]),
    asset_type: choice('asset_type', 'Type', ASSET_TYPES),
    status: choice('status', 'Status', ASSET_STATUSES),
    is_latest: choice('is_latest', 'Latest version', YES_OR_NO),
    is_default: choice('is_default', 'Default', YES_OR_NO),
    asset_uri: (
      <label key="asset_uri" class="wide">
        Asset URI
        <input
          name="asset_uri"
          value={draft.asset_uri ?? ''}
          placeholder="any; exact URI"
          {...NO_CORRECTIONS}
        />
      </label>
    ),
  }
  return (
    <search>
      <form
        ref={form}
        class="filters"
        aria-label="Assets"
        onInput={() => setDraft(formQuery())}
        onChange={apply}
        onSubmit={apply}
      >
        {Object.values(controls)}
        <p class="actions">
          <button type="submit">Search</button>
          <LinkTo view={{ page: 'assets', query: {} }}>Clear</LinkTo>
        </p>
      </form>
    </search>
  )
}
