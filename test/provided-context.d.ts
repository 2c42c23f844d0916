import 'vitest'

/** What `global-setup.ts` hands to `setup.ts`. */
declare module 'vitest' {
  interface ProvidedContext {
    databaseUrls: string[]
  }
}
