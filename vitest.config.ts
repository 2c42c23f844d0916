import { cloudflareTest } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'
import { workerFunction } from './test/harness/worker-function.ts'

/** Package modules that the tests and the OpenAPI document import. */
const DEPENDENCIES = ['@cfworker/json-schema', 'fast-check', 'jose', 'zod']

/** Over what a developer's `.dev.vars` says: each test sets its own. */
const NO_KEYS = {
  AUTH_JWT_SECRET: '',
  AUTH_JWT_SECRET_PREVIOUS: '',
  AUTH_JWKS_URL: '',
  AUTH_ISSUER: '',
  AUTH_AUDIENCE: '',
}

const EVERY_PROJECT = {
  // More than ten times what the slowest takes on an idle machine.
  testTimeout: 300_000,
  hookTimeout: 300_000,
  // A test without an assertion fails. Concurrent tests need the `expect` of their own context.
  expect: { requireAssertions: true },
}

export default defineConfig({
  test: {
    // Files of both projects at a time. On two cores it would be one by default, and they would
    // idle: many files wait for time limits and processes.
    maxWorkers: 4,
    projects: [
      {
        plugins: [
          workerFunction('src/index.ts'),
          cloudflareTest({
            wrangler: { configPath: './wrangler.toml' },
            // Each test file gets its own, from setup.ts.
            miniflare: { bindings: { DATABASE_URL: '', ...NO_KEYS } },
          }),
        ],
        test: {
          ...EVERY_PROJECT,
          name: 'worker',
          // Workerd is started once for many files; `startIsolate` evaluates the Worker anew.
          isolate: false,
          include: ['test/worker/**/*.test.ts'],
          globalSetup: './test/harness/global-setup.ts',
          setupFiles: './test/harness/setup.ts',
          // Each file loads them: as few modules, that is fast.
          deps: { optimizer: { ssr: { enabled: true, include: DEPENDENCIES } } },
        },
      },
      {
        test: {
          ...EVERY_PROJECT,
          name: 'node',
          include: ['test/node/**/*.test.ts'],
          isolate: false,
          // For the many processes that the tests start.
          env: { NODE_COMPILE_CACHE: 'node_modules/.cache/node-compile' },
          globalSetup: ['./test/harness/prepared-database.ts', './test/harness/worker-bundle.ts'],
        },
      },
    ],
  },
})
