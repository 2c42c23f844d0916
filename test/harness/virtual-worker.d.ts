/** The module that `worker-function.ts` provides. */
declare module 'virtual:worker' {
  /** Evaluates all modules of the Worker anew. */
  export function evaluate(): typeof import('../../src/index.ts')
}
