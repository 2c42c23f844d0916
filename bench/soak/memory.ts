/** Samples the memory of workerd and checks that it does not keep growing. */

import { readFile } from 'node:fs/promises'
import { setTimeout } from 'node:timers/promises'
import { median } from '../figure.ts'

const MAX_GROWTH = 1.2
const SAMPLES_PER_MINUTE = 60

/** Process ids of this process's children; empty if the system has no /proc. */
export async function childPids(): Promise<string[]> {
  const path = `/proc/${process.pid}/task/${process.pid}/children`
  return (await readFile(path, 'utf8').catch(() => '')).split(' ').filter(Boolean)
}

/** Samples the total resident MiB of the processes every second until `signal` aborts. */
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
 * Compares the medians of the second and the last minute. Runs under three minutes always pass,
 * because workerd grows in its first minute whatever the Worker does (even the bare one of the
 * benchmark).
 */
export function measureGrowth(samples: number[]): {
  before: number
  after: number
  isStable: boolean
} {
  const after = median(samples.slice(-SAMPLES_PER_MINUTE))
  if (samples.length < 3 * SAMPLES_PER_MINUTE) return { before: Number.NaN, after, isStable: true }
  const before = median(samples.slice(SAMPLES_PER_MINUTE, 2 * SAMPLES_PER_MINUTE))
  return { before, after, isStable: after <= before * MAX_GROWTH }
}

async function residentMib(pid: string): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? Number.NaN) / 1024
}
