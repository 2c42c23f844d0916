/** What `harness/worker-function.ts` provides. */
declare module 'virtual:worker' {
  /** The Worker's entry, all of its modules evaluated anew. */
  export function evaluate(): typeof import('../../src/index.ts')
}
