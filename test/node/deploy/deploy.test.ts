import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import * as deploy from '../../../tools/deploy/deploy.ts'
import { listen } from '../../../tools/listen.ts'
import type { PgliteServer } from '../../../tools/pglite/server.ts'
import { servePreparedPglite } from '../../harness/prepared-database.ts'
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

/** The answers of Cloudflare's API, as far as wrangler reads them, for a Worker never deployed before. */
const RESULT = { deployments: [], jwt: 'test-only', buckets: [], subdomain: {} }
const NO_SERVICE = { code: 10090, message: 'workers.api.error.service_not_found' }

/** Serves a stand-in for Cloudflare's API, where the Worker has these secrets. */
async function serveApi(secrets: string[]) {
  const requests: { path: string | undefined; body: string }[] = []
  const list = secrets.map((name) => ({ name, type: 'secret_text' }))
  const api = createServer(async (request, response) => {
    const path = request.url ?? ''
    requests.push({ path, body: await text(request) })
    const errors = path.includes('/workers/services/') ? [NO_SERVICE] : []
    const result = path.endsWith('/secrets') ? list : RESULT
    const success = errors.length === 0
    response.writeHead(success ? 200 : 404, { 'Content-Type': 'application/json' })
    response.end(JSON.stringify({ success, result, errors, messages: [] }))
  })
  onTestFinished(() => void api.close())
  const port = await listen(api, 0, '127.0.0.1')
  const settings = {
    WRANGLER_SEND_METRICS: 'false',
    CLOUDFLARE_API_BASE_URL: `http://127.0.0.1:${port}`,
    CLOUDFLARE_API_TOKEN: 'test-only',
    CLOUDFLARE_ACCOUNT_ID: 'an-account',
  }
  return { requests, settings }
}

/** Deploys a Worker that has DATABASE_URL alone. */
async function deployWithOneSecret(args: string[], settings: Record<string, string> = {}) {
  const api = await serveApi(['DATABASE_URL'])
  const ran = await runTool(deploy, args, { DATABASE_URL, ...api.settings, ...settings })
  return { ran, requests: api.requests.map(({ path }) => path) }
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

describe('CODE_VERSION', () => {
  let folder: string
  let database: PgliteServer

  beforeAll(async () => {
    database = await servePreparedPglite('migrated')
    folder = await mkdtemp(join(tmpdir(), 'deploy-'))
    await mkdir(join(folder, 'pages'))
  })
  afterAll(async () => {
    await rm(folder, { recursive: true })
    await database.close()
  })

  type Deployed = { code?: string; page?: string; variable?: string; flags?: string[] }

  /** The version that a deployment uploads. */
  async function versionOf({ code = '1', page = 'a', variable = 'a', flags = [] }: Deployed) {
    await writeFile(join(folder, 'pages/index.html'), page)
    await writeFile(
      join(folder, 'worker.js'),
      `export default { fetch() { return new Response('${code}') } }`,
    )
    await writeFile(
      join(folder, 'wrangler.toml'),
      `name = "other"
       main = "worker.js"
       compatibility_date = "2026-10-01"
       workers_dev = false
       preview_urls = false
       assets = { directory = "pages" }
       [env.staging.vars]
       AUTH_ISSUER = "${variable}"`,
    )
    const { requests, settings } = await serveApi(['DATABASE_URL', 'AUTH_JWT_SECRET'])
    const args = ['--env', 'staging', '--config', join(folder, 'wrangler.toml'), ...flags]
    const { stdout } = await promisify(execFile)(process.execPath, [DEPLOY, ...args], {
      env: { ...process.env, DATABASE_URL: database.url, ...settings },
    })
    expect(stdout).toContain('Uploaded other-staging')
    const uploads = requests.flatMap(({ body }) =>
      [...body.matchAll(/"CODE_VERSION","type":"plain_text","text":"([^"]*)"/g)].map(
        ([, version]) => version,
      ),
    )
    expect(uploads).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/)])
    return uploads[0]
  }

  it('is the same for the same code, and another for other code', async () => {
    const version = await versionOf({})
    const flags = ['--var', 'AUTH_AUDIENCE:a']
    expect(await versionOf({ page: 'b', variable: 'b', flags })).toBe(version)
    expect(await versionOf({ code: '2' })).not.toBe(version)
  })
})

it('refuses --outdir, which it needs itself', async () => {
  const args = ['--env', 'staging', '--outdir', 'elsewhere']
  expect(await runTool(deploy, args, { DATABASE_URL })).toEqual({
    code: 1,
    stdout: '',
    stderr: 'deploy: --outdir is not accepted: npm run build writes the bundle\n',
  })
})
