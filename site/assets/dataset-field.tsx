/**
 * The filter by dataset: a combobox (ARIA Authoring Practices) that suggests names as the API's
 * search finds them. A native `datalist` would match only what the names hold literally.
 */

import { useEffect, useId, useState } from 'preact/hooks'
import type { Dataset } from '../../packages/client/src/client.ts'
import { useApp } from '../app.ts'
import { markMatches, toWords } from '../search/dataset-search.ts'
import { type Suggestions, useSuggestions } from './use-suggestions.ts'

type Props = {
  value: string
  onInput: (text: string) => void
  /** Called with a suggested name, or with the text if no name has its words. */
  onChoose: (dataset: string) => void
}

export function DatasetField({ value, onInput, onChoose }: Props) {
  const { client } = useApp()
  const id = useId()
  const [isOpen, setOpen] = useState(false)
  const [active, setActive] = useState(0)
  const text = value.trim()
  const suggestions = useSuggestions(client, isOpen ? text : undefined)
  const isCurrent = suggestions?.text === text
  /** Enter was pressed before the suggestions for the text were there. */
  const [isChosen, setChosen] = useState(false)
  const datasets = isOpen ? (suggestions?.datasets ?? []) : []
  const optionId = (index: number) => `${id}-${index}`

  function choose(dataset: Dataset | undefined) {
    setOpen(false)
    setChosen(false)
    onChoose(dataset?.dataset ?? text)
  }
  useEffect(() => {
    if (isChosen && isCurrent) choose(datasets[active])
  })

  function move(steps: number) {
    const { length } = datasets
    if (!isOpen) setOpen(true)
    else if (length > 0) setActive((active + steps + length) % length)
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.key === 'ArrowDown') move(1)
    else if (event.key === 'ArrowUp') move(-1)
    else if (event.key === 'Escape' && isOpen) setOpen(false)
    else if (event.key === 'Enter' && isOpen && text !== '') setChosen(true)
    else return
    event.preventDefault()
  }

  return (
    <div class="wide combobox">
      <label for={id}>Dataset</label>
      <input
        id={id}
        name="dataset"
        role="combobox"
        aria-expanded={datasets.length > 0}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={datasets.length > 0 ? optionId(active) : undefined}
        value={value}
        placeholder="any; for example tree cover loss"
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        onInput={({ currentTarget }) => {
          setOpen(true)
          setActive(0)
          setChosen(false)
          onInput(currentTarget.value)
        }}
        onKeyDown={onKeyDown}
        onBlur={() => setOpen(false)}
      />
      {isOpen && suggestions && (
        <Popup id={`${id}-list`} suggestions={suggestions}>
          {datasets.map((dataset, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the input handles the keys
            <div
              key={dataset.dataset}
              id={optionId(index)}
              role="option"
              aria-selected={index === active}
              tabIndex={-1}
              ref={index === active ? scrollToView : null}
              // The input keeps the focus.
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => choose(dataset)}
            >
              <Name name={dataset.dataset} search={value} />
            </div>
          ))}
        </Popup>
      )}
      <span role="status" class="visually-hidden">
        {isOpen && suggestions ? countOf(suggestions) : ''}
      </span>
    </div>
  )
}

type PopupProps = { id: string; suggestions: Suggestions; children: preact.ComponentChildren }

function Popup({ id, suggestions, children }: PopupProps) {
  const hidden = suggestions.total - suggestions.datasets.length
  return (
    <div class="popup">
      {suggestions.total > 0 && (
        <div id={id} role="listbox" aria-label="Datasets" tabIndex={-1}>
          {children}
        </div>
      )}
      {suggestions.total === 0 && <p>No dataset has all of these words in its name.</p>}
      {hidden > 0 && <p class="muted">{hidden} more: type another word.</p>}
    </div>
  )
}

function Name({ name, search }: { name: string; search: string }) {
  return (
    <>
      {markMatches(name, toWords(search)).map(({ text, isMatch }, index) =>
        isMatch ? <mark key={index}>{text}</mark> : text,
      )}
    </>
  )
}

function scrollToView(option: HTMLElement | null) {
  option?.scrollIntoView({ block: 'nearest' })
}

function countOf({ total }: Suggestions): string {
  return `${total} ${total === 1 ? 'dataset' : 'datasets'}`
}
