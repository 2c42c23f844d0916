/** Builds the pages that the Worker serves: the explorer (`/`) and the API's page (`/docs`). */

import { readdir, rm } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { defineConfig, type Plugin } from 'vite'

const PUBLIC = join(import.meta.dirname, 'public')

/** The API that `npx vite site` passes requests on to: `npm run dev`, or any other. */
const API_ORIGIN = process.env.API_ORIGIN ?? 'http://127.0.0.1:8787'

export default defineConfig({
  root: import.meta.dirname,
  publicDir: PUBLIC,
  plugins: [removeLeftovers()],
  worker: { format: 'es' },
  // `npx vite site`, beside `npm run dev`: changes of the pages show at once.
  server: {
    proxy: {
      '^/(assets?|datasets?|openapi\\.json)([/?]|$)': { target: API_ORIGIN, changeOrigin: true },
    },
  },
  build: {
    outDir: '../dist/site',
    // `removeLeftovers` does it afterwards.
    emptyOutDir: false,
    // Not Vite's `assets`, which is the API's.
    assetsDir: 'static',
    // The pages' policy allows no script, and no style, that is not a file.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // MapLibre's, and Swagger UI's: each is loaded where it is needed alone.
    chunkSizeWarningLimit: 2000,
    rolldownOptions: {
      input: ['index.html', 'docs.html'].map((page) => `${import.meta.dirname}/${page}`),
    },
  },
})

/**
 * Removes the files of earlier builds once those of this one are written. If the folder were emptied
 * first, a `wrangler dev` that watches it could answer 404 for the pages from then on.
 */
function removeLeftovers(): Plugin {
  return {
    name: 'remove-leftovers',
    async writeBundle({ dir = '' }, bundle) {
      const built = new Set([...Object.keys(bundle), ...(await readdir(PUBLIC))])
      const entries = await readdir(dir, { recursive: true, withFileTypes: true })
      const files = entries.filter((entry) => entry.isFile())
      for (const { parentPath, name } of files) {
        const file = join(parentPath, name)
        if (!built.has(relative(dir, file))) await rm(file)
      }
    },
  }
}
