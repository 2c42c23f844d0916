/** Loads a value whose last state is shown at once when the page is opened again. */

import { useCallback } from 'preact/hooks'
import type { CatalogClient } from '../../packages/client/src/client.ts'
import { useApp } from '../app.ts'
import { type Loaded, useLoaded } from '../ui/use-loaded.ts'

export type Remembered<Value> = {
  load: (client: CatalogClient, signal: AbortSignal) => Promise<Value>
  values: WeakMap<CatalogClient, Value>
}

export function remembered<Value>(load: Remembered<Value>['load']): Remembered<Value> {
  return { load, values: new WeakMap() }
}

/** Waits, with a value of `undefined`, while `isNeeded` is false. */
export function useRemembered<Value>(
  { load, values }: Remembered<Value>,
  isNeeded = true,
): Loaded<Value | undefined> {
  const { client } = useApp()
  const loaded = useLoaded(
    useCallback(
      async (signal: AbortSignal) => {
        if (!isNeeded) return undefined
        const value = await load(client, signal)
        values.set(client, value)
        return value
      },
      [client, load, values, isNeeded],
    ),
  )
  return { ...loaded, value: loaded.value ?? values.get(client) }
}
