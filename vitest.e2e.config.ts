import { defineConfig } from 'vitest/config'

/** `npm run test:e2e`: the pages in a real browser, against the Worker as `npm run dev` starts it. */
export default defineConfig({
  test: {
    name: 'e2e',
    include: ['test/e2e/*.test.ts'],
    globalSetup: './test/e2e/global-setup.ts',
    // One browser at a time, which is busy enough: maps are drawn without a graphics card.
    fileParallelism: false,
    // More than ten times what they take on an idle machine: a busy one is no fault.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 100_000 } },
  },
})
