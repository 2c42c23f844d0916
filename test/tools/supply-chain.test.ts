/** What SECURITY.md says of the supply chain. */

import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

type Locked = { integrity?: string; hasInstallScript?: boolean }

const ROOT = new URL('../../', import.meta.url)
const read = (path: string) => readFileSync(new URL(path, ROOT), 'utf8')
const manifest = JSON.parse(read('package.json'))
const packages: Record<string, Locked> = JSON.parse(read('package-lock.json')).packages
const locked = Object.entries(packages).filter(([path]) => path !== '')

it('every dependency has an exact version', () => {
  for (const version of Object.values({ ...manifest.dependencies, ...manifest.devDependencies })) {
    expect(version).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/)
  }
})

it('every locked package has an integrity hash', () => {
  const without = locked.filter(([, { integrity }]) => !integrity?.startsWith('sha512-'))
  expect(without).toEqual([])
})

it('install scripts are those of allowed names, and others fail the install', () => {
  const names = locked
    .filter(([, { hasInstallScript }]) => hasInstallScript)
    .map(([path]) => path.split('node_modules/').at(-1))
  expect(new Set(names)).toEqual(new Set(Object.keys(manifest.allowScripts)))
  expect(read('.npmrc').split('\n')).toContain('strict-allow-scripts=true')
})

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
}, 30_000)
