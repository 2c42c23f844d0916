/** Runs `wrangler dev` and its child processes. */

import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'
import { CommandError } from '../command-line.ts'
import { DEV_VARS_FILE } from '../settings.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
/** The file of the wrangler command. */
export const WRANGLER = fileURLToPath(
  new URL('../../node_modules/wrangler/bin/wrangler.js', import.meta.url),
)

const POLL_MS = 100
const KILL_AFTER_MS = 5000

export interface LocalWorker {
  /** Resolves when the Worker answers requests. */
  answers: Promise<void>
  /** Rejects when wrangler ends by itself. */
  died: Promise<never>
  /** Ends wrangler and everything it started. */
  stop(): Promise<void>
}

/** Starts the Worker on `host:port`; its logs go to this process's output. */
export function startWorker(options: {
  host: string
  port: number
  /** Override those of `.dev.vars`. */
  secrets: { DATABASE_URL: string; AUTH_JWT_SECRET: string }
}): LocalWorker {
  const child = spawn(process.execPath, [WRANGLER, ...wranglerArguments(options)], {
    cwd: ROOT,
    env: {
      ...process.env,
      // Not in the command line, which other users of the machine can read.
      ...options.secrets,
      CLOUDFLARE_INCLUDE_PROCESS_ENV: 'true',
      WRANGLER_SEND_METRICS: 'false',
      WRANGLER_HIDE_BANNER: 'true',
      WRANGLER_WRITE_LOGS: 'false',
      // Wrangler would fetch a sample of `request.cf` from the network.
      CLOUDFLARE_CF_FETCH_ENABLED: 'false',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    // In a separate process group, so that Ctrl-C reaches only this process, which ends the group.
    detached: true,
  })
  const answers = untilAnswer(`http://${options.host}:${options.port}/livez`, child)
  forwardOutput(child, answers)

  const exited = once(child, 'exit')
  const died = exited.then(([code, signal]) => {
    throw new CommandError(`wrangler ended by itself (${signal ?? `exit code ${code}`})`)
  })
  // The command may have stopped waiting for it.
  died.catch(() => {})
  return {
    answers,
    died,
    async stop() {
      killGroup(child, 'SIGTERM')
      const timer = setTimeout(killGroup, KILL_AFTER_MS, child, 'SIGKILL')
      await exited
      clearTimeout(timer)
      // Children may outlive wrangler.
      killGroup(child, 'SIGKILL')
    },
  }
}

function wranglerArguments({ host, port }: { host: string; port: number }): string[] {
  // If .dev.vars exists, it must be named, or wrangler would ignore the environment; naming a missing
  // file is an error.
  const envFile = existsSync(DEV_VARS_FILE) ? ['--env-file', DEV_VARS_FILE] : []
  return [
    ...['dev', '--ip', host, '--port', String(port), '--inspector-port', '0'],
    ...['--show-interactive-dev-session', 'false', ...envFile],
  ]
}

/** Resolves at the first response of any status. */
async function untilAnswer(url: string, child: ChildProcess): Promise<void> {
  while (child.exitCode === null && child.signalCode === null) {
    const response = await fetch(url).catch(() => undefined)
    await response?.body?.cancel()
    if (response) return
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
  // Wrangler has ended; `died` rejects.
  await new Promise(() => {})
}

function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (child.pid) process.kill(-child.pid, signal)
  } catch {
    // The group has ended already.
  }
}

/** Forwards logs of the Worker and errors. Wrangler's startup messages are shown only if an error follows. */
function forwardOutput(
  child: ChildProcessByStdio<null, Readable, Readable>,
  answers: Promise<void>,
) {
  let held: (() => void)[] | undefined = []
  const forward = (from: Readable, to: NodeJS.WritableStream) => {
    createInterface({ input: from }).on('line', (line) => {
      const text = stripVTControlCharacters(line)
      if (text.startsWith('[wrangler:info]')) return
      const show = () => to.write(`${line}\n`)
      if (held === undefined) show()
      else held.push(show)
      if (text.includes('[ERROR]')) release()
    })
  }
  const release = () => {
    for (const show of held ?? []) show()
    held = undefined
  }
  forward(child.stdout, process.stdout)
  forward(child.stderr, process.stderr)
  child.once('close', release)
  void answers.then(() => {
    held = undefined
  })
}
