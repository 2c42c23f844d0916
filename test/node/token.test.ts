import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { decodeProtectedHeader, jwtVerify } from 'jose'
import { expect, it } from 'vitest'
import * as token from '../../tools/token.ts'
import { runTool } from '../harness/run-tool.ts'

const TOKEN = fileURLToPath(new URL('../../tools/token.ts', import.meta.url))
const SECRET = 'a-secret-of-this-test-with-over-32-bytes'

function run(flags: string[], secret = SECRET, settings: Record<string, string> = {}) {
  return runTool(token, flags, { AUTH_JWT_SECRET: secret, ...settings })
}

it('prints only an HS256 token', async () => {
  const flags = [
    '--subject',
    'ana',
    '--expires',
    '1h',
    '--issuer',
    'https://i',
    '--audience',
    'api',
  ]
  const env = { ...process.env, AUTH_JWT_SECRET: SECRET }
  const run = promisify(execFile)(process.execPath, [TOKEN, ...flags], { env })
  const { stdout, stderr } = await run
  expect(stderr).toBe('')
  expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/)
  expect(decodeProtectedHeader(stdout.trim())).toEqual({ alg: 'HS256', typ: 'JWT' })
  const { payload } = await jwtVerify(stdout.trim(), new TextEncoder().encode(SECRET), {
    issuer: 'https://i',
    audience: 'api',
    subject: 'ana',
  })
  expect(Number(payload.exp) - Number(payload.iat)).toBe(3600)
})

async function claims(flags: string[], settings: Record<string, string> = {}) {
  const { stdout } = await run(['--subject', 'ana', ...flags], SECRET, settings)
  const { payload } = await jwtVerify(stdout.trim(), new TextEncoder().encode(SECRET))
  return payload
}

const SETTINGS = { AUTH_ISSUER: 'https://set.example', AUTH_AUDIENCE: 'set-audience' }

it.each<[string[], { iss: string; aud: string }]>([
  [[], { iss: 'https://set.example', aud: 'set-audience' }],
  [['--issuer', 'https://i'], { iss: 'https://i', aud: 'set-audience' }],
  [['--audience', 'api'], { iss: 'https://set.example', aud: 'api' }],
])('uses AUTH_ISSUER and AUTH_AUDIENCE as defaults for %j', async (flags, expected) => {
  const { iat, exp, ...rest } = await claims([...flags, '--expires', '1h'], SETTINGS)
  expect(rest).toEqual({ sub: 'ana', ...expected })
  expect(Number(exp) - Number(iat)).toBe(3600)
})

it.each([
  ['30s', 30],
  ['15m', 900],
  ['7d', 604_800],
  ['2w', 1_209_600],
])('expires after %s', async (duration, seconds) => {
  const { iat, exp } = await claims(['--expires', duration])
  expect(Number(exp) - Number(iat)).toBe(seconds)
})

const INVALID_DURATION = 'token: --expires must be a duration such as 30s, 15m, 1h or 7d\n'

it.each([
  [[], 'token: --subject NAME is missing\n'],
  [['--subject', '', '--expires', '1h'], 'token: --subject NAME is missing\n'],
  [['--subject', 'ana'], INVALID_DURATION],
  [['--subject', 'ana', '--expires', '0h'], INVALID_DURATION],
  [['--subject', 'ana', '--expires', '1h ago'], INVALID_DURATION],
  [['--subject', 'ana', '--expires', '3600'], INVALID_DURATION],
])('exits with 1 and a one-line message for %j', async (flags, stderr) => {
  expect(await run(flags)).toEqual({ code: 1, stdout: '', stderr })
})

it.each(['short', 'x'.repeat(31), `${'é'.repeat(15)}x`])(
  'refuses the secret %s',
  async (secret) => {
    expect(await run(['--subject', 'ana', '--expires', '1h'], secret)).toEqual({
      code: 1,
      stdout: '',
      stderr: 'token: AUTH_JWT_SECRET is under 32 bytes\n',
    })
  },
)

it.each(['x'.repeat(32), 'é'.repeat(16)])('accepts the secret %s', async (secret) => {
  const { stdout } = await run(['--subject', 'ana', '--expires', '1h'], secret)
  await jwtVerify(stdout.trim(), new TextEncoder().encode(secret))
  expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/)
})
