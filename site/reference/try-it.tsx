/** Sends a request as composed in a form, with the session's token, and shows the response. */

import { useEffect, useRef, useState } from 'preact/hooks'
import { Copyable } from '../ui/copyable.tsx'
import { ParameterField } from './parameter-field.tsx'
import { composeRequest, exampleValues, initialValues, toCurl } from './request.ts'
import { type Received, ResponseView } from './response-view.tsx'
import type { Operation, Spec } from './spec.ts'

export type Sign = { token: string | undefined; onRejected: (challenge: string | null) => void }

type Props = { spec: Spec; path: string; operation: Operation; sign: Sign }

export function TryIt({ spec, path, operation, sign }: Props) {
  const { operationId, parameters, security } = operation
  const needsToken = security === undefined || security.length > 0
  const [values, setValues] = useState(() => initialValues(operation))
  const [received, setReceived] = useState<Received>()
  const [isSending, setSending] = useState(false)
  const response = useRef<HTMLDivElement>(null)
  // It may be below the window.
  useEffect(() => {
    if (received) response.current?.scrollIntoView({ block: 'nearest' })
  }, [received])
  const request = composeRequest(location.origin, path, operation, values)

  async function send(event: SubmitEvent) {
    event.preventDefault()
    if (isSending) return
    setSending(true)
    const { url } = request
    const headers = new Headers(request.headers)
    if (needsToken && sign.token) headers.set('Authorization', `Bearer ${sign.token}`)
    const started = performance.now()
    try {
      // The browser's own cache would answer conditional requests.
      const answer = await fetch(url, { headers, cache: 'no-store' })
      const text = await answer.text()
      setReceived({ answer, text, milliseconds: performance.now() - started })
      if (answer.status === 401) sign.onRejected(answer.headers.get('WWW-Authenticate'))
    } catch {
      setReceived({ error: 'No connection to the API. Check your network connection.' })
    }
    setSending(false)
  }

  return (
    <form class="try" aria-label={`Try ${operationId}`} onSubmit={send}>
      <h4>Parameters</h4>
      {parameters.map((parameter) => (
        <ParameterField
          key={parameter.name}
          spec={spec}
          id={`${operationId}-${parameter.name}`}
          parameter={parameter}
          value={values[parameter.name] ?? ''}
          onValue={(value) => setValues((last) => ({ ...last, [parameter.name]: value }))}
        />
      ))}
      <p class="actions">
        <button type="submit" aria-disabled={isSending}>
          Send
        </button>
        <button type="button" onClick={() => setValues(exampleValues(operation))}>
          Fill in examples
        </button>
        <button type="button" class="quiet" onClick={() => setValues(initialValues(operation))}>
          Reset
        </button>
        {needsToken && !sign.token && <a href="#sign-in">Sign in first</a>}
      </p>
      <Copyable label="curl" text={toCurl(request, needsToken)} />
      <div ref={response} role="status">
        {received && <ResponseView received={received} />}
      </div>
    </form>
  )
}
