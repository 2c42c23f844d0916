import 'vitest'

/** Connection strings of a database for its owner and for the read-only Worker. */
export type DatabaseUrls = { owner: string; worker: string }

/** Provided by `global-setup.ts`. */
declare module 'vitest' {
  interface ProvidedContext {
    databaseUrls: DatabaseUrls[]
  }
}
