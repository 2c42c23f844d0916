import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { decodeProtectedHeader, jwtVerify } from 'jose'
import { expect, it } from 'vitest'

const TOKEN = fileURLToPath(new URL('../../tools/token.ts', import.meta.url))
const SECRET = 'a-secret-of-this-test-with-over-32-bytes'

function run(flags: string[], secret = SECRET) {
  const env = { ...process.env, AUTH_JWT_SECRET: secret }
  return promisify(execFile)(process.execPath, [TOKEN, ...flags], { env })
}

it('prints an HS256 token and nothing else', async () => {
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
  const { stdout, stderr } = await run(flags)
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

const SPAN = 'token: --expires must be a span such as 30s, 15m, 1h or 7d\n'

it.each([
  [[], 'token: --subject NAME is missing\n'],
  [['--subject', '', '--expires', '1h'], 'token: --subject NAME is missing\n'],
  [['--subject', 'ana'], SPAN],
  [['--subject', 'ana', '--expires', '0h'], SPAN],
  [['--subject', 'ana', '--expires', '1h ago'], SPAN],
  [['--subject', 'ana', '--expires', '3600'], SPAN],
])('exits with 1 and one line for %j', async (flags, stderr) => {
  await expect(run(flags)).rejects.toMatchObject({ code: 1, stdout: '', stderr })
})

it('exits with 1 for a secret under 32 bytes', async () => {
  await expect(run(['--subject', 'ana', '--expires', '1h'], 'short')).rejects.toMatchObject({
    code: 1,
    stderr: 'token: AUTH_JWT_SECRET is under 32 bytes\n',
  })
})
