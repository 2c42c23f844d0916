/** Builds the Worker's pages: the explorer (`/`) and the API reference (`/docs`). */

import { readdir, rm } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { defineConfig, type Plugin } from 'vite'

const PUBLIC = join(import.meta.dirname, 'public')

/** The API behind `npx vite site`, which is `npm run dev` by default. */
const API_ORIGIN = process.env.API_ORIGIN ?? 'http://127.0.0.1:8787'

export default defineConfig({
  root: import.meta.dirname,
  publicDir: PUBLIC,
  plugins: [removeStaleFiles()],
  worker: { format: 'es' },
  // `npx vite site` next to `npm run dev` reloads the pages on change.
  server: {
    proxy: {
      '^/(assets?|datasets?|openapi\\.json)([/?]|$)': {
        target: API_ORIGIN,
        changeOrigin: true,
        // Folders of the site have names of the API's paths.
        bypass: ({ url }) => (/\.(tsx?|css)(\?|$)/.test(url ?? '') ? url : undefined),
      },
    },
  },
  build: {
    outDir: '../dist/site',
    // `removeStaleFiles` deletes old files after the build.
    emptyOutDir: false,
    // Vite's default, `assets`, is a path of the API.
    assetsDir: 'static',
    // The Content-Security-Policy does not allow `data:` URLs for scripts and styles.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // MapLibre is large, and loaded only where it is needed.
    chunkSizeWarningLimit: 2000,
    rolldownOptions: {
      input: ['index.html', 'docs.html'].map((page) => `${import.meta.dirname}/${page}`),
    },
  },
})

/**
 * Removes the files of earlier builds after this build is written. If the folder were emptied
 * first, a `wrangler dev` that watches it could keep answering 404 for the pages.
 */
function removeStaleFiles(): Plugin {
  return {
    name: 'remove-stale-files',
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
