import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import * as deploy from '../../../tools/deploy/deploy.ts'
import { listen } from '../../../tools/listen.ts'
import { runTool } from '../../harness/run-tool.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
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
    [['--domain', 'a.example'], {}],
    [['--name', 'another', '--minify'], { name: 'another' }],
    [['--minify', '--env=staging'], { env: 'staging' }],
    [['-e', 'staging', '--domain', 'a.example'], { env: 'staging' }],
    [['--env', 'staging', '-c', 'other.toml'], { env: 'staging', config: 'other.toml' }],
    [['--env', ''], { env: '' }],
  ])('of %j are %j', (flags, ofWorker) => {
    expect(deploy.workerFlags(flags)).toEqual(ofWorker)
  })
})

// Nothing listens there: a migration fails with ECONNREFUSED.
const DATABASE_URL = 'postgres://test:test-only@127.0.0.1:9/catalog'
const env = { ...process.env, DATABASE_URL: undefined, WRANGLER_SEND_METRICS: 'false' }

it.each(['--dryRun', '--dry-run=true', '--dryrun'])('refuses %s', async (flag) => {
  expect(await runTool(deploy, [flag], { DATABASE_URL: undefined })).toEqual({
    code: 1,
    stdout: '',
    stderr: `deploy: write --dry-run instead of ${flag}\n`,
  })
})

it('leaves the database alone if wrangler refuses a flag', async () => {
  const args = [DEPLOY, '--env', 'staging', '--bogus']
  await expect(
    promisify(execFile)(process.execPath, args, { env: { ...env, DATABASE_URL } }),
  ).rejects.toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(/Unknown argument: bogus.*deploy: wrangler deploy failed\n$/s),
  })
})

it('refuses to deploy without an environment', async () => {
  const unset = { DATABASE_URL, CLOUDFLARE_ENV: undefined }
  expect(await runTool(deploy, ['--domain', 'a.example'], unset)).toEqual({
    code: 1,
    stdout: '',
    stderr: 'deploy: name the environment: npm run deploy -- --env production\n',
  })
})

/** Runs it beside a stand-in for Cloudflare's API, where the Worker has DATABASE_URL alone. */
async function deployWithOneSecret(args: string[], settings: Record<string, string> = {}) {
  const requests: (string | undefined)[] = []
  const api = createServer((request, response) => {
    requests.push(request.url)
    const result = [{ name: 'DATABASE_URL', type: 'secret_text' }]
    response.setHeader('Content-Type', 'application/json')
    response.end(JSON.stringify({ success: true, result, errors: [], messages: [] }))
  })
  onTestFinished(() => void api.close())
  const port = await listen(api, 0, '127.0.0.1')
  const ran = await runTool(deploy, args, {
    WRANGLER_SEND_METRICS: 'false',
    DATABASE_URL,
    CLOUDFLARE_API_BASE_URL: `http://127.0.0.1:${port}`,
    CLOUDFLARE_API_TOKEN: 'test-only',
    CLOUDFLARE_ACCOUNT_ID: 'an-account',
    ...settings,
  })
  return { ran, requests }
}

it.each([
  [['--env', 'staging'], 'gfw-assets-edge-staging', ' --env staging'],
  [
    ['--env', 'production', '--name', 'another'],
    'another-production',
    ' --name another --env production',
  ],
])('leaves the database alone if the Worker of %j lacks a secret', async (args, worker, flags) => {
  const { ran, requests } = await deployWithOneSecret(args)
  expect(ran).toEqual({
    code: 1,
    stdout: '',
    stderr: `deploy: set it first: npx wrangler secret put AUTH_JWT_SECRET${flags}\n`,
  })
  expect(requests).toContain(`/accounts/an-account/workers/scripts/${worker}/secrets`)
})

it('takes the environment from CLOUDFLARE_ENV, as wrangler does', async () => {
  const { ran, requests } = await deployWithOneSecret([], { CLOUDFLARE_ENV: 'staging' })
  expect(ran.stderr).toBe('deploy: set it first: npx wrangler secret put AUTH_JWT_SECRET\n')
  expect(requests).toContain('/accounts/an-account/workers/scripts/gfw-assets-edge-staging/secrets')
})

it("reads the environment's AUTH_JWKS_URL, which replaces the JWT secret", async () => {
  const folder = await mkdtemp(join(tmpdir(), 'deploy-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const config = join(folder, 'wrangler.toml')
  const vars = '[env.staging.vars]\nAUTH_JWKS_URL = "https://keys.example/jwks.json"\n'
  const main = `name = "other"\nmain = "${ROOT}src/index.ts"\ncompatibility_date = "2026-10-01"\n`
  await writeFile(config, main + vars)
  const { ran, requests } = await deployWithOneSecret(['--env', 'staging', '--config', config])
  // Every check has passed: the migration is what fails.
  expect(ran.stderr).toMatch(/^deploy: connect ECONNREFUSED/)
  expect(requests).toContain('/accounts/an-account/workers/scripts/other-staging/secrets')
})

it('--dry-run builds, and needs no database', async () => {
  const args = [DEPLOY, '--env', 'production', '--dry-run']
  const { stdout } = await promisify(execFile)(process.execPath, args, { env })
  expect(stdout).toContain('--dry-run: exiting now')
  expect(stdout).not.toContain('the database is up to date')
})
