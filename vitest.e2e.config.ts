import { defineConfig } from 'vitest/config'

/** `npm run test:e2e`: the pages in a real browser, against the Worker as `npm run dev` starts it. */
export default defineConfig({
  test: {
    name: 'e2e',
    include: ['test/e2e/*.test.ts'],
    globalSetup: [
      './test/harness/prepared-database.ts',
      './test/harness/worker-bundle.ts',
      './test/e2e/global-setup.ts',
    ],
    // More than two cores need: a page also waits, for the Worker and for time to pass.
    maxWorkers: 3,
    // More than ten times what they take on an idle machine: a busy one is no fault.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // Each test asserts what a person sees: a wait alone says nothing about the rest of the page.
    expect: { requireAssertions: true, poll: { timeout: 100_000 } },
  },
})
