/** The values of a figure, and repeatable runs that measure them. */

import type { Size } from './catalog.ts'
import type { Environment } from './environment.ts'

/** The values of all runs, by the figure's key. */
export type Runs = Record<string, number[]>

/** Measures the figures of one group. */
export type Group = (environment: Environment, sizes: readonly Size[]) => Promise<Runs>

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  return (
    ((sorted[Math.ceil(middle) - 1] ?? Number.NaN) + (sorted[Math.floor(middle)] ?? Number.NaN)) / 2
  )
}

/** Collects the values of `times` runs, by key, after `warmUps` runs whose values are dropped. */
export async function repeat(
  times: number,
  run: (number: number) => Promise<Record<string, number>>,
  warmUps = 1,
): Promise<Runs> {
  const runs: Runs = {}
  for (let number = 0; number < warmUps + times; number++) {
    for (const [key, value] of Object.entries(await run(number))) {
      runs[key] ??= []
      if (number >= warmUps) runs[key].push(value)
    }
  }
  return runs
}

/** Random numbers in [0, 1) from a seed (mulberry32), so that every benchmark sends the same requests. */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let bits = Math.imul(state ^ (state >>> 15), 1 | state)
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A copy in random order. */
export function shuffled<T>(values: readonly T[], random: () => number): T[] {
  return values
    .map((value) => ({ value, rank: random() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ value }) => value)
}
