/** The operations of a tag. Each opens to its parameters and responses. */

import { useState } from 'preact/hooks'
import { Answers } from './answers.tsx'
import { Code, Prose } from './prose.tsx'
import type { Operation, Spec } from './spec.ts'
import { type Sign, TryIt } from './try-it.tsx'

type Props = { spec: Spec; tag: Spec['tags'][number]; opened: string; sign: Sign }

export function Operations({ spec, tag, opened, sign }: Props) {
  const title = `tag-${tag.name}`
  return (
    <section class="group" aria-labelledby={title}>
      <h2 id={title}>{tag.name}</h2>
      <p>{tag.description}</p>
      {operationsOf(spec, tag.name).map(([path, operation]) => (
        <OperationItem
          // Opens when a link names it.
          key={`${operation.operationId}-${opened === operation.operationId}`}
          isOpened={opened === operation.operationId}
          {...{ spec, path, operation, sign }}
        />
      ))}
    </section>
  )
}

export function operationsOf(spec: Spec, tag: string): [path: string, operation: Operation][] {
  return Object.entries(spec.paths)
    .map(([path, { get }]): [string, Operation] => [path, get])
    .filter(([, { tags }]) => tags.includes(tag))
}

type ItemProps = {
  spec: Spec
  path: string
  operation: Operation
  isOpened: boolean
  sign: Sign
}

function OperationItem({ spec, path, operation, isOpened, sign }: ItemProps) {
  const { operationId, summary, description } = operation
  const [isOpen, setOpen] = useState(isOpened)

  function toggle({ currentTarget }: Event) {
    if (currentTarget instanceof HTMLDetailsElement) setOpen(currentTarget.open)
  }

  return (
    <details class="operation" id={operationId} open={isOpen} onToggle={toggle}>
      <summary>
        <span class="badge tiles">GET</span> <h3 class="mono">{path}</h3>{' '}
        <span class="summary">
          <Code text={summary} />
        </span>
      </summary>
      {isOpen && (
        <div class="body">
          <Prose text={description} />
          <TryIt spec={spec} path={path} operation={operation} sign={sign} />
          <Answers spec={spec} operation={operation} />
        </div>
      )}
    </details>
  )
}
