/** What a search or a name that matches no dataset may have meant. */

import { searchDatasets } from './dataset-search.ts'
import { closestWords } from './spelling.ts'

const MAX_DATASETS = 8
const MAX_SEARCHES = 3
/** Of two names that share nothing but a short word. */
const MIN_SIMILARITY = 0.5

type Named = { dataset: string }

export type Search = {
  text: string
  /** It leaves no word out. */
  hasAllWords: boolean
}

export type Similar<Item> = {
  /**
   * Those that hold the most of the words, as they were meant, come first; then those that share many
   * pairs of letters with them.
   */
  datasets: Item[]
  /** The searches that find a dataset and have the most of the words, as they were meant. */
  searches: Search[]
}

export function findSimilar<Item extends Named>(
  words: readonly string[],
  candidates: readonly Item[],
): Similar<Item> {
  if (words.length === 0) return { datasets: [], searches: [] }
  const held = holdMost(words, candidates)
  return {
    datasets: similarDatasets(words, candidates, held),
    searches: similarSearches(candidates, held),
  }
}

function similarDatasets<Item extends Named>(
  words: readonly string[],
  candidates: readonly Item[],
  { most, held }: Held,
): Item[] {
  const letters = words.join('')
  return candidates
    .map((item, index) => ({
      item,
      hasMost: most > 0 && held[index]?.length === most,
      similarity: similarity(letters, item.dataset.replace(/[_-]+/g, '')),
    }))
    .filter(({ hasMost, similarity }) => hasMost || similarity >= MIN_SIMILARITY)
    .sort(
      (a, b) =>
        Number(b.hasMost) - Number(a.hasMost) ||
        b.similarity - a.similarity ||
        a.item.dataset.length - b.item.dataset.length,
    )
    .slice(0, MAX_DATASETS)
    .map(({ item }) => item)
}

function similarSearches(candidates: readonly Named[], { meant, most, held }: Held): Search[] {
  if (most === 0) return []
  const texts = held.filter((own) => own.length === most).map((own) => own.join(' '))
  const whole = [...new Set(texts)].map((text) => completeWords(text.split(' '), candidates))
  return [...new Set(whole)]
    .sort((a, b) => b.length - a.length)
    .slice(0, MAX_SEARCHES)
    .map((text) => ({ text, hasAllWords: most === meant.length }))
}

type Held = ReturnType<typeof holdMost>

/** Which of the words, as they were meant, each name has, and how many of them one has at most. */
function holdMost(words: readonly string[], candidates: readonly Named[]) {
  const meant = closestWords(words, candidates)
  const held = candidates.map(({ dataset }) => meant.filter((word) => dataset.includes(word)))
  return { meant, held, most: Math.max(0, ...held.map((own) => own.length)) }
}

/** `cover los` is `cover loss` in the name that matches best. */
function completeWords(words: readonly string[], candidates: readonly Named[]): string {
  const own = searchDatasets(candidates, words)[0]?.dataset.split(/[_-]+/) ?? []
  const whole = words.map((word) => own.find((other) => other.includes(word)) ?? word)
  return [...new Set(whole)].join(' ')
}

/** 1 if the name has all letters in one piece, or else the share of common pairs (Sørensen-Dice). */
function similarity(letters: string, name: string): number {
  if (name.includes(letters)) return 1
  const left = letterPairs(letters)
  const right = letterPairs(name)
  const shared = [...left].filter((pair) => right.has(pair)).length
  return (2 * shared) / (left.size + right.size || 1)
}

function letterPairs(text: string): Set<string> {
  return new Set(Array.from({ length: text.length - 1 }, (_, i) => text.slice(i, i + 2)))
}
