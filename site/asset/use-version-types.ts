/** The types of a version, read when its row has been in view for a moment. */

import type { RefObject } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { AssetType } from '../../src/api/asset-types.ts'
import { useApp } from '../app.ts'
import { type OfVersion, versionTypesOf } from './version-types.ts'

/** Rows that are scrolled past are not read. */
const SEEN_MS = 250

type Read = { ref: RefObject<HTMLElement | null>; types: readonly AssetType[] | undefined }

export function useVersionTypes({ dataset, version }: OfVersion): Read {
  const { client } = useApp()
  const ref = useRef<HTMLElement>(null)
  const [types, setTypes] = useState(() => versionTypesOf(client).get({ dataset, version }))

  useEffect(() => {
    if (types || !ref.current) return
    let leaving = new AbortController()
    let timer: ReturnType<typeof setTimeout> | undefined
    const read = () =>
      versionTypesOf(client)
        .load({ dataset, version }, leaving.signal)
        // What cannot be read is tried again when the row comes back into view.
        .then(setTypes, () => {})
    const observer = new IntersectionObserver((entries) => {
      clearTimeout(timer)
      leaving.abort()
      // The last is the newest: a row can leave and come back in one batch.
      if (!entries.at(-1)?.isIntersecting) return
      leaving = new AbortController()
      timer = setTimeout(read, SEEN_MS)
    })
    observer.observe(ref.current)
    return () => {
      observer.disconnect()
      clearTimeout(timer)
      leaving.abort()
    }
  }, [client, dataset, version, types])

  return { ref, types }
}
