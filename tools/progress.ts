/** Progress of a long command: a bar on a terminal, plain lines elsewhere. */

import cliProgress from 'cli-progress'

/** Else a bar turns the terminal's wrapping of lines off, and Ctrl-C leaves it so. */
export const WRAP = { linewrap: true }

export interface Progress {
  update(done: number): void
  stop(): void
}

/** Of an import: a bar of the bytes that are read, then one of the assets that are written. */
export function createImportProgress(fileSize: number) {
  const isTerminal = process.stdout.isTTY
  let bar = isTerminal && fileSize > 0 ? createBar(fileSize, process.stdout, 'bytes') : undefined
  let isReading = true
  return {
    onRead: (bytes: number) => bar?.update(bytes),
    onImported(done: number, total: number) {
      if (!isTerminal) console.log(`${done}/${total}`)
      else if (isReading) {
        bar?.stop()
        bar = createBar(total, process.stdout, 'assets')
      }
      isReading = false
      bar?.update(done)
    },
    stop: () => bar?.stop(),
  }
}

export function createBar(total: number, stream: NodeJS.WritableStream, unit: string): Progress {
  const format = `{bar} {value}/{total} ${unit}`
  const bar = new cliProgress.SingleBar(
    { format, stream, clearOnComplete: true, ...WRAP },
    cliProgress.Presets.shades_classic,
  )
  bar.start(total, 0)
  return { update: (done) => bar.update(done), stop: () => bar.stop() }
}
