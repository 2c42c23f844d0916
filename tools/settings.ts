/** The Worker's settings on this machine, read as wrangler reads them. */

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseEnv } from 'node:util'

/** The developer's own settings, ignored by git. */
export const DEV_VARS_FILE = fileURLToPath(new URL('../.dev.vars', import.meta.url))

/** Reads a setting from the environment or `.dev.vars`; undefined if it is unset or empty. */
export function readSetting(name: string): string | undefined {
  return process.env[name] || readDevVars()[name] || undefined
}

function readDevVars(): NodeJS.Dict<string> {
  try {
    return parseEnv(readFileSync(DEV_VARS_FILE, 'utf8'))
  } catch {
    // The file is optional.
    return {}
  }
}
