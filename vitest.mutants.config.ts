import { defineConfig } from 'vitest/config'

/**
 * The tests that `npm run mutants` repeats for each mutant: those of pure modules, which run in
 * plain Node, without workerd, a process or a database.
 */
export default defineConfig({
  test: {
    include: [
      'test/version-order.test.ts',
      'test/tools/{catalog-file,client}.test.ts',
      'test/explorer/{map-style,session,tiles,view}.test.ts',
    ],
    expect: { requireAssertions: true },
  },
})
