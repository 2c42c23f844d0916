/** The API client and navigation, for every part of the explorer. */

import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { CatalogClient } from '../packages/client/src/client.ts'
import type { Show } from './use-view.ts'

export type App = {
  /** Retries nothing: `useLoaded` does, and shows when. */
  client: CatalogClient
  /** Retries as the client does by default, for work of many requests. */
  patientClient: CatalogClient
  show: Show
}

export const AppContext = createContext<App | undefined>(undefined)

export function useApp(): App {
  const app = useContext(AppContext)
  if (!app) throw new Error('not inside AppContext')
  return app
}
