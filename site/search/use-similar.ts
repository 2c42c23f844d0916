/** The datasets whose names are like a text. */

import { useCallback, useMemo } from 'preact/hooks'
import type { Dataset } from '../../packages/client/src/client.ts'
import { useApp } from '../app.ts'
import { useLoaded } from '../ui/use-loaded.ts'
import { loadCandidates } from './candidates.ts'
import { toWords } from './dataset-search.ts'
import { findSimilar } from './similar-datasets.ts'

/** None while they are loaded, and if they cannot be. */
export function useSimilar(text: string): Dataset[] {
  const words = useMemo(() => toWords(text), [text])
  const candidates = useCandidates(words)
  return useMemo(() => findSimilar(words, candidates ?? []).datasets, [words, candidates])
}

/** Loads nothing if there are no words. */
export function useCandidates(words: readonly string[]): Dataset[] | undefined {
  const { client } = useApp()
  const { value } = useLoaded(
    useCallback((signal) => loadCandidates(client, words, signal), [client, words]),
  )
  return value
}
