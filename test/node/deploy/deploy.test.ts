import { execFile } from 'node:child_process'
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import * as deploy from '../../../tools/deploy/deploy.ts'
import { listen } from '../../../tools/listen.ts'
import { runTool } from '../../harness/run-tool.ts'

const DEPLOY = fileURLToPath(new URL('../../../tools/deploy/deploy.ts', import.meta.url))

describe('missingSecret', () => {
  it.each([
    [[], '', 'DATABASE_URL'],
    [['AUTH_JWT_SECRET'], '', 'DATABASE_URL'],
    [['DATABASE_URL'], '', 'AUTH_JWT_SECRET'],
    [['DATABASE_URL'], 'https://keys.example/jwks.json', undefined],
    [['DATABASE_URL', 'AUTH_JWT_SECRET'], '', undefined],
  ])('of %j with the JWKS URL "%s" is %s', (names, jwksUrl, missing) => {
    expect(deploy.missingSecret(names, jwksUrl)).toBe(missing)
  })
})

describe('workerFlags', () => {
  it.each([
    [['--domain', 'a.example'], []],
    [
      ['--name', 'staging', '--minify'],
      ['--name', 'staging'],
    ],
    [
      ['--minify', '--name=staging'],
      ['--name', 'staging'],
    ],
    [
      ['-e', 'staging', '--domain', 'a.example'],
      ['--env', 'staging'],
    ],
  ])('of %j are %j', (flags, ofWorker) => {
    expect(deploy.workerFlags(flags)).toEqual(ofWorker)
  })
})

const env = { ...process.env, DATABASE_URL: undefined, WRANGLER_SEND_METRICS: 'false' }

it.each(['--dryRun', '--dry-run=true', '--dryrun'])('refuses %s', async (flag) => {
  expect(await runTool(deploy, [flag], { DATABASE_URL: undefined })).toEqual({
    code: 1,
    stdout: '',
    stderr: `deploy: write --dry-run instead of ${flag}\n`,
  })
})

it('leaves the database alone if wrangler refuses a flag', async () => {
  // Nothing listens there: a migration would fail with ECONNREFUSED.
  const DATABASE_URL = 'postgres://test:test-only@127.0.0.1:9/catalog'
  const args = [DEPLOY, '--bogus']
  await expect(
    promisify(execFile)(process.execPath, args, { env: { ...env, DATABASE_URL } }),
  ).rejects.toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(/Unknown argument: bogus.*deploy: wrangler deploy failed\n$/s),
  })
})

it('leaves the database alone if the Worker lacks a secret', async () => {
  // Cloudflare's API, of which the secrets are asked for.
  const asked: (string | undefined)[] = []
  const api = createServer((request, response) => {
    asked.push(request.url)
    const result = [{ name: 'DATABASE_URL', type: 'secret_text' }]
    response.setHeader('Content-Type', 'application/json')
    response.end(JSON.stringify({ success: true, result, errors: [], messages: [] }))
  })
  onTestFinished(() => void api.close())
  const port = await listen(api, 0, '127.0.0.1')
  const ran = await runTool(deploy, ['--name', 'staging'], {
    WRANGLER_SEND_METRICS: 'false',
    DATABASE_URL: 'postgres://test:test-only@127.0.0.1:9/catalog',
    CLOUDFLARE_API_BASE_URL: `http://127.0.0.1:${port}`,
    CLOUDFLARE_API_TOKEN: 'test-only',
    CLOUDFLARE_ACCOUNT_ID: 'an-account',
  })
  expect(ran).toEqual({
    code: 1,
    stdout: '',
    stderr: 'deploy: set it first: npx wrangler secret put AUTH_JWT_SECRET\n',
  })
  expect(asked).toContain('/accounts/an-account/workers/scripts/staging/secrets')
})

it('--dry-run builds, and needs no database', async () => {
  const args = [DEPLOY, '--dry-run']
  const { stdout } = await promisify(execFile)(process.execPath, args, { env })
  expect(stdout).toContain('--dry-run: exiting now')
  expect(stdout).not.toContain('the database is up to date')
})
