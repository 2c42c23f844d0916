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

/** Files of the scripts that run a tool, by script name. */
const TOOLS = new Map(
  Object.entries(scripts).flatMap(([name, script]) => {
    const file = /^node ((?:tools|bench)\/\S+\.ts)$/.exec(script)?.[1]
    return file ? [[name, file] as const] : []
  }),
)

/** The usage line of each tool after its name. */
const USAGES = {
  dev: '[flags]',
  db: '[flags]',
  token: '[flags]',
  import: 'FILE [flags]',
  export: '[FILE] [flags]',
  'neon-local': '[flags]',
  'db:migrate': '[flags]',
  bench: '[flags]',
  'bench:explorer': 'LINK [flags]',
  deploy: '[flags] [flags of wrangler deploy]',
  'revision:renew': '[flags]',
  sync: '[flags]',
  soak: '[flags]',
  'faulty-neon': '[flags]',
}

function run(name: string, ...args: string[]) {
  const options = { cwd: ROOT, env: { ...process.env, DATABASE_URL: undefined } }
  return promisify(execFile)(process.execPath, [TOOLS.get(name) ?? '', ...args], options)
}

it('covers each tool in package.json', () => {
  expect([...TOOLS.keys()].sort()).toEqual(Object.keys(USAGES).sort())
})

it.concurrent.for(Object.entries(USAGES))(
  'npm run %s prints its usage for --help, even with invalid flags',
  async ([name, usage], { expect }) => {
    const { stdout, stderr } = await run(name, '--no-such-flag', '--help')
    expect(stderr).toBe('')
    expect(stdout.split('\n')[0]).toBe(`Usage: npm run ${name} -- ${usage}`)
    expect(stdout).toMatch(/^ {2}--help +print this text$/m)
    expect(stdout).not.toContain(ROOT)
  },
)

it('a tool with invalid arguments prints the reason to stderr and exits with 1', async () => {
  await expect(run('token', '--no-such-flag')).rejects.toMatchObject({
    code: 1,
    stdout: '',
    stderr: "token: unknown option '--no-such-flag'; see npm run token -- --help\n",
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
    [['a', '--no-such-flag'], "unknown option '--no-such-flag'"],
    [['a', 'b'], "unexpected argument 'b'"],
  ])('refuses %j', (args, reason) => {
    expect(() => parseCommandLine(COMMAND, args, {})).toThrow(
      new Error(`${reason}; see npm run copy -- --help`),
    )
  })

  it('accepts an optional operand or none', () => {
    const optional = { ...COMMAND, operand: '[FILE]' } as const
    expect(parseCommandLine(optional, [], {}).operand).toBe(undefined)
    expect(parseCommandLine(optional, ['a'], {}).operand).toBe('a')
    expect(() => parseCommandLine(optional, ['a', 'b'], {})).toThrow("unexpected argument 'b'")
  })

  it('refuses an operand that is not declared', () => {
    const { operand: _, ...without } = COMMAND
    expect(parseCommandLine(without, [], {}).operand).toBe(undefined)
    expect(() => parseCommandLine(without, ['a'], {})).toThrow("unexpected argument 'a'")
  })

  it('accepts any argument if it forwards them to another program', () => {
    const forwarding = { ...COMMAND, forwardsTo: 'cp' } as const
    const args = ['--no-such-flag', '-x', 'a', 'b', '--prune']
    expect(parseCommandLine(forwarding, args, {})).toMatchObject({ flags: { prune: true }, args })
  })

  it.each([
    [{ npm_config_prune: 'true' }, '--prune'],
    [{ npm_config_page_size: '5' }, '--page-size'],
  ])('refuses to run if npm took a flag: %j', (config, flag) => {
    const env = { npm_lifecycle_event: 'copy', ...config }
    expect(() => parseCommandLine(COMMAND, ['a'], env)).toThrow(
      `npm took ${flag} for itself; write: npm run copy -- ${flag}`,
    )
  })

  it.each([
    { npm_lifecycle_event: 'copy', npm_config_prune: '' },
    { npm_lifecycle_event: 'copy', npm_config_loglevel: 'silent' },
    // The flag belongs to the npm script that started this one.
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
