import { cloudflareTest } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'

/** What the Worker imports from packages. */
const DEPENDENCIES = [
  '@neondatabase/serverless',
  'drizzle-orm',
  'drizzle-orm/pg-core',
  'hono',
  'hono/cors',
  'hono/request-id',
  'hono/route',
  'hono/secure-headers',
  'hono/timing',
  'jose',
  'zod',
]

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
    maxWorkers: 3,
    projects: [
      {
        plugins: [
          cloudflareTest({
            wrangler: { configPath: './wrangler.toml' },
            // Of each test file its own, which setup.ts finds.
            miniflare: { bindings: { DATABASE_URL: '', ...NO_KEYS } },
          }),
        ],
        test: {
          ...EVERY_PROJECT,
          name: 'worker',
          // Workerd and packages are started and loaded once for many files; `startIsolate` gives
          // each test new modules of the Worker.
          isolate: false,
          include: ['test/*.test.ts'],
          globalSetup: './test/global-setup.ts',
          setupFiles: './test/setup.ts',
          // Each test that starts an isolate loads all of them: as few modules, that is fast.
          deps: { optimizer: { ssr: { enabled: true, include: DEPENDENCIES } } },
        },
      },
      {
        test: {
          ...EVERY_PROJECT,
          name: 'tools',
          include: ['test/{built,tools,explorer}/*.test.ts'],
          isolate: false,
          // For the many processes that the tests start.
          env: { NODE_COMPILE_CACHE: 'node_modules/.cache/node-compile' },
          globalSetup: ['./test/prepared-database.ts', './test/harness/worker-bundle.ts'],
        },
      },
    ],
  },
})
