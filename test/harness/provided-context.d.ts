import 'vitest'

/** Connection strings to one database, for its owner and for the Worker, which only reads. */
export type DatabaseUrls = { owner: string; worker: string }

/** What `global-setup.ts` hands to `setup.ts`. */
declare module 'vitest' {
  interface ProvidedContext {
    databaseUrls: DatabaseUrls[]
  }
}
