/** Progress of a crawl: a bar with rate and time left on a terminal, plain lines otherwise. */

import cliProgress from 'cli-progress'
import { type Progress, WRAP } from '../progress.ts'

const LINE_INTERVAL_MS = 5000

export interface ReadProgress extends Omit<Progress, 'update'> {
  /** Replayed pages of an earlier run don't count for the rate. */
  update(done: number, total: number, isReplaying: boolean): void
}

export function createReadProgress(): ReadProgress {
  const progress = process.stdout.isTTY ? createBar() : createLines()
  let start = { done: 0, at: Date.now() }
  return {
    update(done, total, isReplaying) {
      if (isReplaying) start = { done, at: Date.now() }
      const rate = ((done - start.done) / Math.max(Date.now() - start.at, 1)) * 1000
      progress.update(done, total, rateAndTimeLeft(rate, total - done))
    },
    stop: progress.stop,
  }
}

interface RateAndTimeLeft {
  rate: string
  left: string
}

function createBar() {
  const bar = new cliProgress.SingleBar(
    {
      format: '{bar} {value}/{total} assets, {rate}/s, {left} left',
      stream: process.stdout,
      clearOnComplete: true,
      barsize: 30,
      ...WRAP,
    },
    cliProgress.Presets.shades_classic,
  )
  bar.start(0, 0, { rate: '-', left: '-' })
  return {
    update(done: number, total: number, payload: RateAndTimeLeft) {
      bar.setTotal(total)
      bar.update(done, payload)
    },
    stop: () => bar.stop(),
  }
}

function createLines() {
  let printedAt = 0
  let printed = -1
  return {
    update(done: number, total: number, { rate, left }: RateAndTimeLeft) {
      const isDue = Date.now() - printedAt >= LINE_INTERVAL_MS || done === total
      if (!isDue || done === printed) return
      printedAt = Date.now()
      printed = done
      console.log(`${done}/${total} assets, ${rate}/s, ${left} left`)
    },
    stop: () => {},
  }
}

function rateAndTimeLeft(rate: number, rest: number): RateAndTimeLeft {
  if (rate <= 0) return { rate: '-', left: '-' }
  const seconds = Math.ceil(Math.max(rest, 0) / rate)
  const left = seconds < 60 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`
  return { rate: rate.toFixed(rate < 10 ? 1 : 0), left }
}
