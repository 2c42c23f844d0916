/** The responses of an operation: status, meaning, headers and an example. */

import { Code } from './prose.tsx'
import { SchemaType } from './schema-type.tsx'
import { type Answer, type Operation, resolve, type Spec } from './spec.ts'

type Props = { spec: Spec; operation: Operation }

export function Answers({ spec, operation }: Props) {
  return (
    <section>
      <h4>Responses</h4>
      <ul class="answers">
        {Object.entries(operation.responses).map(([status, item]) => {
          const answer = resolve<Answer>(spec.components.responses, item)
          return answer && <AnswerItem key={status} spec={spec} status={status} answer={answer} />
        })}
      </ul>
    </section>
  )
}

function AnswerItem({ spec, status, answer }: { spec: Spec; status: string; answer: Answer }) {
  const [content] = Object.values(answer.content ?? {})
  return (
    <li>
      <details>
        <summary>
          <strong>{status === 'default' ? 'other' : status}</strong>{' '}
          <Code text={answer.description} />
        </summary>
        {content && (
          <p>
            Body: <SchemaType schema={content.schema} />
          </p>
        )}
        {content?.example !== undefined && (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region takes the focus
          <pre tabIndex={0}>{JSON.stringify(content.example, null, 2)}</pre>
        )}
        <dl class="headers">
          {Object.entries(answer.headers ?? {}).map(([name, item]) => (
            <div key={name}>
              <dt class="mono">{name}</dt>
              <dd>
                <Code text={resolve(spec.components.headers, item)?.description ?? ''} />
              </dd>
            </div>
          ))}
        </dl>
      </details>
    </li>
  )
}
