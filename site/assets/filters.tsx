/** The form for the filters of `GET /assets`, applied when a value is chosen and on submit. */

import type { ComponentChild } from 'preact'
import { useCallback, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { CatalogClient } from '../../packages/client/src/client.ts'
import { ASSET_STATUSES, ASSET_TYPES } from '../../src/api/asset-types.ts'
import { useApp } from '../app.ts'
import { MAX_PAGE_SIZE, MAX_SEARCH_LENGTH } from '../limits.ts'
import { Choice } from '../ui/choice.tsx'
import { LinkTo } from '../ui/link-to.tsx'
import { useLoaded } from '../ui/use-loaded.ts'
import { type Parameter, type Query, toQuery } from '../view.ts'
import { DatasetField } from './dataset-field.tsx'
import { useSettledChange } from './use-settled-change.ts'

const YES_OR_NO = ['true', 'false']

type FilterName = Exclude<Parameter, 'page[number]' | 'page[size]'>

export function Filters({ query }: { query: Query }) {
  const { client, show } = useApp()
  /** The form's values as they are typed, including those not applied yet. */
  const [draft, setDraft] = useState(query)
  const form = useRef<HTMLFormElement>(null)
  // A layout effect, because Enter fires change and then submit, and submit must see the new draft.
  useLayoutEffect(() => setDraft(query), [query])
  const { dataset = '' } = query
  const versions = useLoaded(
    useCallback((signal) => versionsOf(client, dataset, signal), [client, dataset]),
  )

  const formQuery = () => (form.current ? toQuery(new FormData(form.current)) : query)

  function apply(chosen: Query = formQuery()) {
    const { version, ...filters } = chosen
    const name = filters.dataset && datasetName(filters.dataset)
    // A version belongs to its dataset.
    const hasVersion = version === 'latest' || name === query.dataset
    const { 'page[size]': size } = query
    const next = {
      ...filters,
      ...(name && { dataset: name }),
      ...(version && hasVersion && { version }),
      ...(size && { 'page[size]': size }),
    }
    show({ page: 'assets', query: next })
  }

  function choice(name: FilterName, label: string, options: readonly string[]) {
    return <Choice key={name} name={name} label={label} value={draft[name]} options={options} />
  }

  const controls: Record<FilterName, ComponentChild> = {
    dataset: (
      <DatasetField
        key="dataset"
        value={draft.dataset ?? ''}
        // Before the form's own handler: the field is rendered in between.
        onInput={(text) => setDraft({ ...draft, dataset: text })}
        onChoose={(name) => apply({ ...formQuery(), dataset: name })}
      />
    ),
    version: choice('version', 'Version', ['latest', ...(versions.value ?? [])]),
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
          placeholder="any; the exact URI"
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
        />
      </label>
    ),
  }
  const changes = useSettledChange(() => apply())
  return (
    <search>
      <form
        ref={form}
        class="asset-filters"
        aria-label="Assets"
        onInput={({ currentTarget }) => setDraft(typedValues(currentTarget))}
        onSubmit={(event) => {
          event.preventDefault()
          apply()
        }}
        {...changes}
        onChange={(event) => {
          // The text of the dataset may still be words: only a choice or Enter applies it.
          const isText = isDatasetField(event.target) && event.target.value.trim() !== ''
          if (!isText) changes.onChange(event)
        }}
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

/** Not trimmed, so that a blank may be followed by another word. */
function typedValues(form: HTMLFormElement): Query {
  return Object.fromEntries(Array.from(new FormData(form), ([name, value]) => [name, `${value}`]))
}

function isDatasetField(target: EventTarget | null): target is HTMLInputElement {
  return target instanceof HTMLInputElement && target.name === 'dataset'
}

/** A typed name as datasets are named: `Tree Cover` is `tree_cover`. */
function datasetName(text: string): string {
  return text.trim().toLowerCase().replace(/\s+/g, '_')
}

/** The newest first; none if there is no such dataset. */
async function versionsOf(
  client: CatalogClient,
  dataset: string,
  signal: AbortSignal,
): Promise<string[]> {
  if (dataset === '') return []
  const { data } = await client.listDatasets(
    { search: dataset.slice(0, MAX_SEARCH_LENGTH), 'page[size]': MAX_PAGE_SIZE },
    { signal },
  )
  return data.find((found) => found.dataset === dataset)?.versions.toReversed() ?? []
}
