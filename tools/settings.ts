/** Settings of the Worker on this machine, read as wrangler reads them. */

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseEnv } from 'node:util'

/** The user's own settings of the Worker, git-ignored. */
export const DEV_VARS_FILE = fileURLToPath(new URL('../.dev.vars', import.meta.url))

/** A setting from the environment, else from `.dev.vars`; nothing where it is unset or empty. */
export function readSetting(name: string): string | undefined {
  return process.env[name] || readDevVars()[name] || undefined
}

function readDevVars(): NodeJS.Dict<string> {
  try {
    return parseEnv(readFileSync(DEV_VARS_FILE, 'utf8'))
  } catch {
    // Most have no such file.
    return {}
  }
}
