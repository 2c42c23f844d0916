/** Progress of a long command: a bar on a terminal, plain lines otherwise. */

import cliProgress from 'cli-progress'

/** By default a bar turns off line wrapping, and Ctrl-C leaves the terminal that way. */
export const WRAP = { linewrap: true }

export interface Progress {
  update(done: number): void
  stop(): void
}

/** Progress of an import: bytes read, then assets written. */
export function createImportProgress(fileSize: number) {
  return process.stdout.isTTY ? createImportBars(fileSize) : createImportLines(fileSize)
}

function createImportLines(fileSize: number) {
  let tenths = 0
  return {
    onRead(bytes: number): void {
      // A pipe has size 0.
      const read = fileSize === 0 ? 0 : Math.floor((10 * bytes) / fileSize)
      if (read > tenths) console.log(`${10 * read}% read`)
      tenths = read
    },
    onImported: (done: number, total: number) => console.log(`${done}/${total}`),
    stop: () => {},
  }
}

function createImportBars(fileSize: number) {
  const reading = fileSize > 0 ? createBar(fileSize, process.stdout, 'bytes') : undefined
  let importing: Progress | undefined
  return {
    onRead: (bytes: number) => reading?.update(bytes),
    onImported(done: number, total: number): void {
      reading?.stop()
      importing ??= createBar(total, process.stdout, 'assets')
      importing.update(done)
    },
    stop(): void {
      reading?.stop()
      importing?.stop()
    },
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
