/** The memory of workerd while it works. */

import { readFile } from 'node:fs/promises'
import { setTimeout } from 'node:timers/promises'
import { median } from '../figure.ts'

const MAX_GROWTH = 1.2
/** In samples. */
const MINUTE = 60

/** Process ids of the children of this process; none where there is no /proc. */
export async function childPids(): Promise<string[]> {
  const path = `/proc/${process.pid}/task/${process.pid}/children`
  return (await readFile(path, 'utf8').catch(() => '')).split(' ').filter(Boolean)
}

/** Resident MiB of the processes together, each second until `signal`. */
export async function sampleMemory(pids: string[], signal: AbortSignal): Promise<number[]> {
  const samples: number[] = []
  while (!signal.aborted) {
    const sizes = await Promise.all(pids.map(residentMib))
    samples.push(sizes.reduce((sum, size) => sum + size, 0))
    await setTimeout(1000, undefined, { signal }).catch(() => {})
  }
  return samples
}

/**
 * The median of the minute after the first one, and of the last. Until then workerd grows whatever
 * the Worker does (the benchmark's `bare.ts` too): a shorter run is not judged.
 */
export function measureGrowth(samples: number[]): {
  before: number
  after: number
  isStable: boolean
} {
  const after = median(samples.slice(-MINUTE))
  if (samples.length < 3 * MINUTE) return { before: Number.NaN, after, isStable: true }
  const before = median(samples.slice(MINUTE, 2 * MINUTE))
  return { before, after, isStable: after <= before * MAX_GROWTH }
}

async function residentMib(pid: string): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? Number.NaN) / 1024
}
