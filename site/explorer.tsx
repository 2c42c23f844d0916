/** The explorer page: its header, sign-in, and the view of the catalog that the URL names. */

import { useEffect, useMemo, useState } from 'preact/hooks'
import { createClient } from '../packages/client/src/client.ts'
import { AppContext } from './app.ts'
import { AssetById } from './asset/asset-by-id.tsx'
import { AllAssets } from './assets/all-assets.tsx'
import { DatasetPage } from './dataset/dataset-page.tsx'
import { Home } from './home/home.tsx'
import { storeToken, takeToken } from './session.ts'
import { SignIn } from './sign-in/sign-in.tsx'
import { noteAnswer } from './ui/freshness.ts'
import { FreshnessBar } from './ui/freshness-bar.tsx'
import { LinkTo } from './ui/link-to.tsx'
import { rejectedTokenMessage } from './ui/problem.ts'
import { ThemeChoice } from './ui/theme-choice.tsx'
import { useView } from './use-view.ts'
import { HOME, type View } from './view.ts'

export function Explorer() {
  const [token, setToken] = useState(() => takeToken(window))
  const [signInError, setSignInError] = useState<string>()
  const { view, show } = useView()
  const client = useMemo(() => {
    async function request(url: string, init: RequestInit): Promise<Response> {
      const answer = await fetch(url, init)
      noteAnswer(init.signal, answer.headers)
      const challenge = answer.headers.get('WWW-Authenticate')
      if (answer.status === 401) changeToken(undefined, rejectedTokenMessage(challenge))
      return answer
    }
    // `useLoaded` retries instead and shows when.
    return createClient({ baseUrl: location.origin, token, fetch: request, retries: 0 })
  }, [token])
  const app = useMemo(() => ({ client, show }), [client, show])

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
    <AppContext.Provider value={app}>
      <header class="page-header">
        <LinkTo view={HOME} class="brand">
          GFW asset catalog
        </LinkTo>
        <nav aria-label="Page">
          <LinkTo view={HOME} current={view.page === 'home' ? 'page' : undefined}>
            Datasets
          </LinkTo>
          <LinkTo
            view={{ page: 'assets', query: {} }}
            current={view.page === 'assets' ? 'page' : undefined}
          >
            All assets
          </LinkTo>
          <a href="/docs">API</a>
        </nav>
        <div class="end actions">
          <ThemeChoice />
          {token && (
            <button type="button" class="quiet" onClick={() => changeToken(undefined)}>
              Sign out
            </button>
          )}
        </div>
      </header>
      <main>
        {token ? <Page view={view} /> : <SignIn error={signInError} onToken={changeToken} />}
      </main>
      <FreshnessBar />
    </AppContext.Provider>
  )
}

function Page({ view }: { view: View }) {
  switch (view.page) {
    case 'home':
      return <Home view={view} />
    case 'dataset':
      return <DatasetPage key={view.dataset} view={view} />
    case 'assets':
      return <AllAssets view={view} />
    case 'asset':
      return <AssetById assetId={view.assetId} />
  }
}
