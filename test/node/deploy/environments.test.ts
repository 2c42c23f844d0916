/** The environments of wrangler.toml, which do not inherit bindings. */

import { describe, expect, it } from 'vitest'
import { unstable_readConfig } from 'wrangler'

const ENVIRONMENTS = ['staging', 'production']

const development = read()

type Limit = { name: string; namespace_id: string }

function read(env?: string) {
  const config = unstable_readConfig({ config: 'wrangler.toml', env }, { hideWarnings: true })
  return { ...config, limits: config.ratelimits as Limit[] }
}

describe.each(ENVIRONMENTS)('%s', (name) => {
  const environment = read(name)

  it('has every binding of development', () => {
    const bindingsOf = ({ limits, version_metadata: version, assets }: typeof environment) => ({
      limits: limits.map(({ name }: Limit) => name),
      version,
      assets,
    })
    expect(bindingsOf(environment)).toEqual(bindingsOf(development))
  })

  it('is reached by a custom domain alone', () => {
    expect(environment.routes).toEqual([{ pattern: expect.any(String), custom_domain: true }])
    expect(environment).toMatchObject({ workers_dev: false, preview_urls: false })
  })

  it("leaves Cloudflare's invocation logs off, which hold whole URLs", () => {
    expect(environment.observability).toMatchObject({
      enabled: true,
      logs: { invocation_logs: false },
    })
  })
})

it('no two environments share counters of requests', () => {
  const namespaces = [development, ...ENVIRONMENTS.map(read)].flatMap(({ limits }) =>
    limits.map((limit: Limit) => limit.namespace_id),
  )
  expect(new Set(namespaces).size).toBe(namespaces.length)
})

it('development has no domain: `wrangler dev` would send the Worker plain http to it', () => {
  expect(development.routes).toBe(undefined)
})
