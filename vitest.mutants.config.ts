import { defineConfig } from 'vitest/config'

/**
 * The tests that `npm run mutants` repeats for each mutant: those of pure modules, which run in
 * plain Node, without workerd, a process or a database.
 */
export default defineConfig({
  test: {
    include: [
      'test/worker/api/version-order.test.ts',
      'test/node/catalog/file.test.ts',
      'test/node/client/client.test.ts',
      'test/node/site/{map-style,session,tiles,view}.test.ts',
    ],
    expect: { requireAssertions: true },
  },
})
