/** The supply chain as SECURITY.md describes it. */

import { execFile } from 'node:child_process'
import { globSync, readFileSync, realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

type Locked = { integrity?: string; hasInstallScript?: boolean; link?: boolean }

const ROOT = new URL('../../', import.meta.url)
const read = (path: string) => readFileSync(new URL(path, ROOT), 'utf8')
const manifest = JSON.parse(read('package.json'))
const workspaces: string[] = manifest.workspaces
const manifests = [
  manifest,
  ...workspaces.map((workspace) => JSON.parse(read(`${workspace}/package.json`))),
]
const packages: Record<string, Locked> = JSON.parse(read('package-lock.json')).packages
/** The packages that npm fetches: all except the project, its workspaces and links to them. */
const locked = Object.entries(packages).filter(
  ([path, { link }]) => path.includes('node_modules/') && !link,
)

it.each(['dependencies', 'devDependencies', 'optionalDependencies'])(
  'every one of the %s has an exact version',
  (kind) => {
    const versions = manifests.flatMap((each) => Object.values(each[kind] ?? {}))
    expect(versions).not.toEqual([])
    for (const version of versions) expect(version).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/)
  },
)

it('every locked package has an integrity hash', () => {
  expect(locked).not.toEqual([])
  const without = locked.filter(([, { integrity }]) => !integrity?.startsWith('sha512-'))
  expect(without).toEqual([])
})

it('no install script runs, and a new one fails the install', () => {
  const names = locked
    .filter(([, { hasInstallScript }]) => hasInstallScript)
    .map(([path]) => path.split('node_modules/').at(-1))
  const refused = Object.fromEntries(names.map((name) => [name, false]))
  expect(manifest.allowScripts).toEqual(refused)
  expect(read('.npmrc').split('\n')).toContain('strict-allow-scripts=true')
})

it.runIf(process.platform === 'linux')('npm scripts run a Node that the lock file holds', () => {
  const node = realpathSync(new URL('node_modules/.bin/node', ROOT))
  const folders = Object.keys(packages).filter((path) => /^node_modules\/node-linux-/.test(path))
  expect(folders.map((path) => fileURLToPath(new URL(`${path}/bin/node`, ROOT)))).toContain(node)
})

it('the client has no dependencies', () => {
  const client = JSON.parse(read('packages/client/package.json'))
  const kinds = Object.keys(client).filter((key) => /dependencies/i.test(key))
  expect(kinds).toEqual(['devDependencies'])
})

it.each(globSync('.github/workflows/*.yml', { cwd: ROOT }))(
  '%s names the actions of others by commit, and keeps no credentials for later steps',
  (workflow) => {
    const steps = read(workflow).match(/uses: .*/g) ?? []
    const others = steps.filter((step) => !step.startsWith('uses: ./'))
    for (const step of others) expect(step).toMatch(/@[0-9a-f]{40} # v[\d.]+$/)
    const checkouts = others.filter((step) => step.includes('actions/checkout@'))
    expect(checkouts.length).toBeGreaterThan(0)
    expect(read(workflow).match(/persist-credentials: false/g)).toHaveLength(checkouts.length)
  },
)

it('npm run sbom writes a CycloneDX bill of materials', async () => {
  const command = ['run', '--silent', 'sbom', '--', '--package-lock-only']
  const options = { cwd: fileURLToPath(ROOT), maxBuffer: 16 * 1024 * 1024 }
  const { stdout } = await promisify(execFile)('npm', command, options)
  const { bomFormat, components } = JSON.parse(stdout)
  expect(bomFormat).toBe('CycloneDX')
  const purls = components.map(({ purl }: { purl: string }) => purl)
  for (const [name, version] of Object.entries(manifest.dependencies)) {
    expect(purls).toContain(`pkg:npm/${String(name).replace('@', '%40')}@${version}`)
  }
})
