/** The explorer page: sign-in, and the view of the catalog that the URL names. */

import { useEffect, useMemo, useState } from 'preact/hooks'
import { createClient } from '../packages/client/src/client.ts'
import { Catalog } from './assets/all-assets.tsx'
import { rejectedTokenMessage } from './problem.ts'
import { storeToken, takeToken } from './session.ts'
import { SignIn } from './sign-in.tsx'
import { useView } from './use-view.ts'

export function Explorer() {
  const [token, setToken] = useState(() => takeToken(window))
  const [signInError, setSignInError] = useState<string>()
  const { view, show } = useView()
  const client = useMemo(() => {
    async function request(url: string, init: RequestInit): Promise<Response> {
      const answer = await fetch(url, init)
      const challenge = answer.headers.get('WWW-Authenticate')
      if (answer.status === 401) changeToken(undefined, rejectedTokenMessage(challenge))
      return answer
    }
    // `useLoaded` retries instead and shows when.
    return createClient({ baseUrl: location.origin, token, fetch: request, retries: 0 })
  }, [token])

  useEffect(() => {
    // A sign-in link opened in this tab changes only the fragment.
    const take = () => setToken(takeToken(window))
    addEventListener('hashchange', take)
    return () => removeEventListener('hashchange', take)
  }, [])

  function changeToken(newToken: string | undefined, error?: string) {
    storeToken(sessionStorage, newToken)
    setToken(newToken)
    setSignInError(error)
  }

  return (
    <>
      <header class="page-header">
        <h1>
          <a href="/">GFW asset catalog</a>
        </h1>
        <nav aria-label="Page">
          <a href="/docs">API</a>
          {token && (
            <button type="button" onClick={() => changeToken(undefined)}>
              Sign out
            </button>
          )}
        </nav>
      </header>
      <main>
        {token ? (
          <Catalog client={client} view={view} show={show} />
        ) : (
          <SignIn error={signInError} onToken={changeToken} />
        )}
      </main>
    </>
  )
}
