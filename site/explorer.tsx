/** The explorer page: its header, sign-in, and the view of the catalog that the URL names. */

import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import { createClient } from '../packages/client/src/client.ts'
import { AppContext } from './app.ts'
import { AssetById } from './asset/asset-by-id.tsx'
import { AllAssets } from './assets/all-assets.tsx'
import { DatasetPage } from './dataset/dataset-page.tsx'
import { Home } from './home/home.tsx'
import { SignIn } from './sign-in/sign-in.tsx'
import { noteAnswer } from './ui/freshness.ts'
import { FreshnessBar } from './ui/freshness-bar.tsx'
import { PageHeader } from './ui/page-header.tsx'
import { rejectedTokenMessage } from './ui/problem.ts'
import { useSession } from './use-session.ts'
import { useView } from './use-view.ts'
import type { View } from './view.ts'

export function Explorer() {
  const { token, isAsking, signIn, signOut, reject } = useSession()
  const [rejection, setRejection] = useState<string>()
  const { view, show } = useView()
  const app = useMemo(() => {
    async function request(url: string, init: RequestInit): Promise<Response> {
      const answer = await fetch(url, init)
      noteAnswer(init.signal, answer.headers)
      if (answer.status === 401) {
        setRejection(rejectedTokenMessage(answer.headers.get('WWW-Authenticate')))
        reject()
      }
      return answer
    }
    const options = { baseUrl: location.origin, token, fetch: request }
    return {
      client: createClient({ ...options, retries: 0 }),
      patientClient: createClient(options),
      show,
    }
  }, [token, reject, show])

  useEffect(() => {
    if (token) setRejection(undefined)
  }, [token])
  const main = useFocusOfView(token ? view : undefined)

  return (
    <AppContext.Provider value={app}>
      <PageHeader current={view.page} onSignOut={token ? signOut : undefined} />
      <main ref={main} tabIndex={-1}>
        {token && <Page view={view} />}
        {!token && !isAsking && <SignIn error={rejection} onToken={signIn} />}
      </main>
      <FreshnessBar />
    </AppContext.Provider>
  )
}

/** The element that takes the focus when a view is replaced by another with what had the focus. */
function useFocusOfView(view: View | undefined) {
  const content = useRef<HTMLElement>(null)
  const shown = useRef(view)
  useLayoutEffect(() => {
    const isOther = shown.current !== view
    shown.current = view
    const { activeElement, body } = document
    const isLost = !activeElement || activeElement === body
    if (isOther && isLost) content.current?.focus({ preventScroll: true })
  }, [view])
  return content
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
