/** Builds the pages that the Worker serves: the explorer (`/`) and the API's page (`/docs`). */

import { defineConfig } from 'vite'

export default defineConfig({
  root: import.meta.dirname,
  worker: { format: 'es' },
  // `npx vite explorer`, beside `npm run dev`: changes of the pages show at once.
  server: {
    proxy: { '^/(assets?|datasets|openapi\\.json)([/?]|$)': 'http://127.0.0.1:8787' },
  },
  build: {
    outDir: '../dist/site',
    emptyOutDir: true,
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
