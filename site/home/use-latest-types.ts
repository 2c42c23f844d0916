/** The types of a dataset's latest version, read when its row has been in view for a moment. */

import type { RefObject } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { AssetType } from '../../src/api/asset-types.ts'
import { useApp } from '../app.ts'
import { latestTypesOf } from './latest-types.ts'

/** Rows that are scrolled past are not read. */
const SEEN_MS = 250

type Read = { ref: RefObject<HTMLElement | null>; types: readonly AssetType[] | undefined }

export function useLatestTypes(dataset: string): Read {
  const { client } = useApp()
  const ref = useRef<HTMLElement>(null)
  const [types, setTypes] = useState(() => latestTypesOf(client).get(dataset))

  useEffect(() => {
    if (types || !ref.current) return
    let leaving = new AbortController()
    let timer: ReturnType<typeof setTimeout> | undefined
    const read = () =>
      latestTypesOf(client)
        .load(dataset, leaving.signal)
        // What cannot be read is tried again when the row comes back into view.
        .then(setTypes, () => {})
    const observer = new IntersectionObserver(([entry]) => {
      clearTimeout(timer)
      leaving.abort()
      if (!entry?.isIntersecting) return
      leaving = new AbortController()
      timer = setTimeout(read, SEEN_MS)
    })
    observer.observe(ref.current)
    return () => {
      observer.disconnect()
      clearTimeout(timer)
      leaving.abort()
    }
  }, [client, dataset, types])

  return { ref, types }
}
