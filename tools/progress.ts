/** Progress of a long command: a bar on a terminal, plain lines elsewhere. */

import cliProgress from 'cli-progress'

/** Else a bar turns the terminal's wrapping of lines off, and Ctrl-C leaves it so. */
export const WRAP = { linewrap: true }

export interface Progress {
  update(done: number): void
  stop(): void
}

export function createProgress(total: number): Progress {
  if (process.stdout.isTTY) return createBar(total, process.stdout)
  return { update: (done) => console.log(`${done}/${total}`), stop: () => {} }
}

export function createBar(total: number, stream: NodeJS.WritableStream): Progress {
  const format = '{bar} {value}/{total}'
  const bar = new cliProgress.SingleBar(
    { format, stream, clearOnComplete: true, ...WRAP },
    cliProgress.Presets.shades_classic,
  )
  bar.start(total, 0)
  return { update: (done) => bar.update(done), stop: () => bar.stop() }
}
