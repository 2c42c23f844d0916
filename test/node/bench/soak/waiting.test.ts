/** Finds answers that waited together for a database known to be out of reach. */

import { expect, it } from 'vitest'
import { type Wait, WaitWatch } from '../../../../bench/soak/waiting.ts'
import type { Fault } from '../../../../tools/neon-local/faults.ts'

const TOLERANCE_MS = 200

/** The answers that fail the check, by their start. Times are seconds since the outage began. */
function failedStarts(answers: [start: number, end: number][], fault: Fault = 'neon-stopped') {
  const watch = new WaitWatch(TOLERANCE_MS)
  const outage = { fault, startedAt: 0, lastAnswerAt: 0, endedAt: Number.POSITIVE_INFINITY }
  const isFailed = (wait: Wait) => {
    try {
      watch.check(wait, outage)
      return false
    } catch {
      return true
    }
  }
  return answers
    .filter(([start, end]) => isFailed({ startedAt: start * 1000, endedAt: end * 1000 }))
    .map(([start]) => start)
}

it.each<[why: string, answers: [number, number][], failed: number[]]>([
  ['those that waited for the first failure', [[1, 4], [1.5, 4], [2, 5]], []], // biome-ignore format: one line per case
  [
    'one at a time after it',
    [
      [1, 4],
      [4.3, 7.3],
      [7.3, 10.3],
    ],
    [],
  ],
  [
    'one that begins as the one before ends',
    [
      [1, 4],
      [4.3, 7.3],
      [7.2, 10.2],
    ],
    [],
  ],
  [
    'two at a time after it',
    [
      [1, 4],
      [4.3, 7.3],
      [5, 8],
    ],
    [5],
  ],
  [
    'a third one',
    [
      [1, 4],
      [4.3, 7.3],
      [5, 8],
      [5.1, 8.1],
    ],
    [5, 5.1],
  ],
  [
    'quick answers at the same time',
    [
      [1, 4],
      [5, 5.1],
      [4.3, 7.3],
    ],
    [],
  ],
  [
    'one that began before the failure was known',
    [
      [1, 4],
      [3.9, 6.9],
      [4.3, 7.3],
    ],
    [],
  ],
])('checks %s', (_, answers, failed) => {
  expect(failedStarts(answers)).toEqual(failed)
})

it('ignores faults that say nothing about other requests', () => {
  expect(
    failedStarts(
      [
        [1, 4],
        [4.3, 7.3],
        [5, 8],
      ],
      'slow',
    ),
  ).toEqual([])
})

it('knows nothing of an outage after the one before', () => {
  const watch = new WaitWatch(TOLERANCE_MS)
  const outage = (startedAt: number) => ({
    fault: 'neon-stopped' as const,
    startedAt,
    lastAnswerAt: startedAt,
    endedAt: startedAt + 11_000,
  })
  const [first, second] = [outage(0), outage(20_000)]
  watch.check({ startedAt: 1000, endedAt: 4000 }, first)
  watch.check({ startedAt: 20_500, endedAt: 23_500 }, second)
  watch.check({ startedAt: 20_600, endedAt: 23_600 }, second)
  const wait = { startedAt: 24_000, endedAt: 27_000 }
  watch.check(wait, second)
  expect(() => watch.check({ ...wait, startedAt: 24_100 }, second)).toThrow(
    'waited for the database at the same time as another request',
  )
})
