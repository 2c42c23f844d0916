import { cloudflareTest } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    projects: [
      {
        plugins: [
          cloudflareTest(({ inject }) => ({
            wrangler: { configPath: './wrangler.toml' },
            miniflare: { bindings: { DATABASE_URL: inject<string>('databaseUrl') } },
          })),
        ],
        test: {
          name: 'worker',
          include: ['test/*.test.ts'],
          globalSetup: './test/global-setup.ts',
          setupFiles: './test/setup.ts',
          fileParallelism: false,
        },
      },
      { test: { name: 'tools', include: ['test/{tools,explorer}/*.test.ts'] } },
    ],
  },
})
