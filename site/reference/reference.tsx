/** The API reference: the operations of the OpenAPI document, each with a form that sends it. */

import { useEffect, useLayoutEffect, useMemo, useState } from 'preact/hooks'
import { createClient } from '../../packages/client/src/client.ts'
import { AppContext } from '../app.ts'
import { TokenForm } from '../sign-in/token-form.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { rejectedTokenMessage } from '../ui/problem.ts'
import { useLoaded } from '../ui/use-loaded.ts'
import { useSession } from '../use-session.ts'
import { type View, viewUrl } from '../view.ts'
import { Operations, operationsOf } from './operations.tsx'
import { Prose } from './prose.tsx'
import { Schemas } from './schemas.tsx'
import { loadSpec, type Spec } from './spec.ts'
import type { Sign } from './try-it.tsx'

export function Reference() {
  const { token, isAsking, signIn, signOut, reject } = useSession()
  const [rejection, setRejection] = useState<string>()
  const { value: spec, problem, retry } = useLoaded(loadSpec)
  // The header's links lead to the explorer's page.
  const app = useMemo(() => {
    const client = createClient({ baseUrl: location.origin, token })
    return { client, patientClient: client, show: (view: View) => location.assign(viewUrl(view)) }
  }, [token])

  useEffect(() => {
    if (token) setRejection(undefined)
  }, [token])

  function onRejected(challenge: string | null) {
    setRejection(rejectedTokenMessage(challenge))
    reject()
  }

  return (
    <AppContext.Provider value={app}>
      <PageHeader current="docs" onSignOut={token ? signOut : undefined} />
      <main class="reference" tabIndex={-1}>
        {problem && (
          <p class="problem" role="alert">
            The description of the API could not be loaded.{' '}
            <button type="button" onClick={retry}>
              Try again
            </button>
          </p>
        )}
        {spec && (
          <Content spec={spec} sign={{ token, onRejected }}>
            {!token && !isAsking && (
              <section id="sign-in" aria-label="Sign in">
                <TokenForm error={rejection} onToken={signIn} />
              </section>
            )}
          </Content>
        )}
      </main>
    </AppContext.Provider>
  )
}

type ContentProps = { spec: Spec; sign: Sign; children: preact.ComponentChildren }

function Content({ spec, sign, children }: ContentProps) {
  const opened = useFragment()
  const { info, servers, tags, components } = spec

  // Links to parts of the page were followed before there was a page.
  useEffect(() => openPart(opened), [opened])

  return (
    <>
      <nav class="contents" aria-label="Operations">
        {tags.map(({ name }) => (
          <ul key={name}>
            {operationsOf(spec, name).map(([path, { operationId }]) => (
              <li key={operationId}>
                <a class="mono" href={`#${operationId}`}>
                  {path}
                </a>
              </li>
            ))}
          </ul>
        ))}
        <a href="#schemas">Schemas</a>
      </nav>
      <div class="operations">
        <header class="intro">
          <h1>
            API of the {info.title} <small>{info.version}</small>
          </h1>
          <Prose text={info.description} />
          <p>
            Base URL <code>{servers[0]?.url}</code>, described for tools by{' '}
            <a href="/openapi.json">openapi.json</a>.
          </p>
        </header>
        {children}
        {tags.map((tag) => (
          <Operations key={tag.name} {...{ spec, tag, opened, sign }} />
        ))}
        <Schemas schemas={components.schemas} />
      </div>
    </>
  )
}

/** The part of the page that the URL names. Swagger UI's `#/catalog/listAssets` works too. */
function useFragment(): string {
  const read = () => location.hash.slice(location.hash.lastIndexOf('/') + 1).replace('#', '')
  const [fragment, setFragment] = useState(read)
  // A layout effect: after painting, the fragment may already have changed.
  useLayoutEffect(() => {
    const update = () => setFragment(read())
    update()
    addEventListener('hashchange', update)
    return () => removeEventListener('hashchange', update)
  }, [])
  return fragment
}

function openPart(id: string): void {
  const part = id === '' ? null : document.getElementById(id)
  if (part instanceof HTMLDetailsElement) part.open = true
  part?.scrollIntoView()
}
