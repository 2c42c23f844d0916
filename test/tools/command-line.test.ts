import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { type Command, parseCommandLine } from '../../tools/command-line.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const scripts: Record<string, string> = JSON.parse(
  readFileSync(`${ROOT}package.json`, 'utf8'),
).scripts

/** Names and files of the scripts that are tools of this project. */
const TOOLS = Object.entries(scripts).flatMap(([name, script]) => {
  const file = /^node (\S+\.ts)$/.exec(script)?.[1]
  return file ? [[name, file] as const] : []
})

function run(file: string, args: string[], env: NodeJS.ProcessEnv = {}) {
  const options = { cwd: ROOT, env: { ...process.env, DATABASE_URL: undefined, ...env } }
  return promisify(execFile)(process.execPath, [file, ...args], options)
}

it('finds the tools in package.json', () => {
  expect(TOOLS.map(([name]) => name)).toEqual(
    expect.arrayContaining(['dev', 'token', 'import', 'sync', 'db:migrate', 'deploy', 'soak']),
  )
})

describe.concurrent.each(TOOLS)('npm run %s', (name, file) => {
  it('prints its usage for --help, whatever else is given', async ({ expect }) => {
    const { stdout, stderr } = await run(file, ['--no-such-flag', '--help'])
    expect(stderr).toBe('')
    expect(stdout.split('\n')[0]).toMatch(new RegExp(`^Usage: npm run ${name} -- .*\\[flags\\]`))
    expect(stdout).toMatch(/^ {2}--help +print this text$/m)
    expect(stdout).not.toContain(ROOT)
  })

  it.skipIf(name === 'deploy')('refuses an unknown flag', async ({ expect }) => {
    await expect(run(file, ['--no-such-flag'])).rejects.toMatchObject({
      code: 1,
      stdout: '',
      stderr: `${name}: unknown option '--no-such-flag'; see npm run ${name} -- --help\n`,
    })
  })

  it.skipIf(name === 'deploy')('refuses arguments that it does not take', async ({ expect }) => {
    await expect(run(file, ['one', 'two'])).rejects.toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(
        new RegExp(`^${name}: unexpected argument '(one|two)'; see npm run ${name} -- --help\n$`),
      ),
    })
  })
})

describe('parseCommandLine', () => {
  const COMMAND = {
    name: 'copy',
    description: 'Copies.',
    operand: 'FILE',
    flags: {
      'page-size': { type: 'string', value: 'N', description: 'assets a page', default: '100' },
      prune: { type: 'boolean', description: 'removes', default: false },
    },
  } as const satisfies Command

  it('reads flags, with their defaults, and the operand', () => {
    expect(parseCommandLine(COMMAND, ['--prune', 'a.json'], {})).toEqual({
      flags: { 'page-size': '100', prune: true },
      operand: 'a.json',
      args: ['--prune', 'a.json'],
    })
  })

  it.each([
    [[], 'FILE is missing'],
    [['--page-size'], "option '--page-size <value>' argument missing"],
    [['--prune=yes', 'a'], "option '--prune' does not take an argument"],
    [['-x', 'a'], "unknown option '-x'"],
  ])('refuses %j', (args, reason) => {
    expect(() => parseCommandLine(COMMAND, args, {})).toThrow(
      new Error(`${reason}; see npm run copy -- --help`),
    )
  })

  it('takes an operand or none if it is optional', () => {
    const optional = { ...COMMAND, operand: '[FILE]' } as const
    expect(parseCommandLine(optional, [], {}).operand).toBe(undefined)
    expect(parseCommandLine(optional, ['a'], {}).operand).toBe('a')
  })

  it.each([
    [{ npm_config_prune: 'true' }, '--prune'],
    [{ npm_config_page_size: '5' }, '--page-size'],
  ])('refuses to run without a flag that npm took: %j', (config, flag) => {
    const env = { npm_lifecycle_event: 'copy', ...config }
    expect(() => parseCommandLine(COMMAND, ['a'], env)).toThrow(
      `npm took ${flag} for itself; write: npm run copy -- ${flag}`,
    )
  })

  it.each([
    { npm_lifecycle_event: 'copy', npm_config_prune: '' },
    { npm_lifecycle_event: 'copy', npm_config_loglevel: 'silent' },
    // A flag of the script that started this one.
    { npm_lifecycle_event: 'test', npm_config_prune: 'true' },
  ])('runs in the environment %j', (env) => {
    expect(parseCommandLine(COMMAND, ['a'], env).operand).toBe('a')
  })
})

it.each([
  ['deploy', '--dry-run'],
  ['sync', '--prune'],
])('npm run %s %s refuses to run without the flag', async (name, flag) => {
  const env = { ...process.env, npm_config_ignore_scripts: 'true' }
  const command = ['run', '--silent', name, flag]
  await expect(promisify(execFile)('npm', command, { cwd: ROOT, env })).rejects.toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(
      new RegExp(`${name}: npm took ${flag} for itself; write: npm run ${name} -- ${flag}\n$`),
    ),
  })
})
