/** The whole page: who is signed in, and which view of the catalogue the URL names. */

import { useEffect, useMemo, useState } from 'preact/hooks'
import { createClient } from '../packages/client/src/client.ts'
import { Catalog } from './catalog.tsx'
import { refusalMessage } from './problem.ts'
import { storeToken, takeToken } from './session.ts'
import { SignIn } from './sign-in.tsx'
import { useView } from './use-view.ts'

export function Explorer() {
  const [token, setToken] = useState(() => takeToken(window))
  /** Why the last token was refused. */
  const [refusal, setRefusal] = useState<string>()
  const { view, show } = useView()
  const client = useMemo(() => {
    async function request(url: string, init: RequestInit): Promise<Response> {
      const answer = await fetch(url, init)
      const challenge = answer.headers.get('WWW-Authenticate')
      if (answer.status === 401) signIn(undefined, refusalMessage(challenge))
      return answer
    }
    // The page itself shows when it asks again.
    return createClient({ baseUrl: location.origin, token, fetch: request, retries: 0 })
  }, [token])

  useEffect(() => {
    // A link with a token, opened where the page is open already.
    const take = () => setToken(takeToken(window))
    addEventListener('hashchange', take)
    return () => removeEventListener('hashchange', take)
  }, [])

  function signIn(newToken: string | undefined, why?: string) {
    storeToken(sessionStorage, newToken)
    setToken(newToken)
    setRefusal(why)
  }

  return (
    <>
      <header class="page-header">
        <h1>
          <a href="/">GFW asset catalogue</a>
        </h1>
        <nav aria-label="Page">
          <a href="/docs">API</a>
          {token && (
            <button type="button" onClick={() => signIn(undefined)}>
              Sign out
            </button>
          )}
        </nav>
      </header>
      <main>
        {token ? (
          <Catalog client={client} view={view} show={show} />
        ) : (
          <SignIn refusal={refusal} onToken={signIn} />
        )}
      </main>
    </>
  )
}
