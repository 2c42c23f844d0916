import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { missingSecret, workerFlags } from '../../tools/deploy.ts'

const DEPLOY = fileURLToPath(new URL('../../tools/deploy.ts', import.meta.url))

describe('missingSecret', () => {
  it.each([
    [[], '', 'DATABASE_URL'],
    [['AUTH_JWT_SECRET'], '', 'DATABASE_URL'],
    [['DATABASE_URL'], '', 'AUTH_JWT_SECRET'],
    [['DATABASE_URL'], 'https://keys.example/jwks.json', undefined],
    [['DATABASE_URL', 'AUTH_JWT_SECRET'], '', undefined],
  ])('of %j with the JWKS URL "%s" is %s', (names, jwksUrl, missing) => {
    expect(missingSecret(names, jwksUrl)).toBe(missing)
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
    expect(workerFlags(flags)).toEqual(ofWorker)
  })
})

const env = { ...process.env, DATABASE_URL: undefined, WRANGLER_SEND_METRICS: 'false' }

it.each(['--dryRun', '--dry-run=true', '--dryrun'])('refuses %s', async (flag) => {
  await expect(
    promisify(execFile)(process.execPath, [DEPLOY, flag], { env }),
  ).rejects.toMatchObject({ code: 1, stderr: `deploy: write --dry-run instead of ${flag}\n` })
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

it('--dry-run builds, and needs no database', async () => {
  const args = [DEPLOY, '--dry-run']
  const { stdout } = await promisify(execFile)(process.execPath, args, { env })
  expect(stdout).toContain('--dry-run: exiting now')
  expect(stdout).not.toContain('the database is up to date')
})
