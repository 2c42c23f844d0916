/** The ways in which `tools/faulty-neon.ts` fails, and what it answers where no database is needed. */

export type Answer = { status: number; type: string; body: string | Buffer }

/** Answers that need no database. The messages and statuses of Neon's own are its proxy's. */
const FIXED_ANSWERS = {
  '503-once': answer(503, { message: 'try again' }),
  '500': answer(500, { message: 'internal error' }),
  html: {
    status: 200,
    type: 'text/html',
    body: '<!doctype html><title>Maintenance</title><h1>Back soon</h1>',
  },
  'wrong-shape': answer(200, { ok: true, result: [1, 2, 3] }),
  'wrong-columns': answer(200, {
    command: 'SELECT',
    rowCount: 1,
    rowAsArray: true,
    fields: [{ name: 'one', dataTypeID: 23 }],
    rows: [['1']],
  }),
  'null-values': answer(200, {
    command: 'SELECT',
    rowCount: 1,
    rowAsArray: true,
    fields: ['revision', 'total_items', 'asset_id'].map((name) => ({ name, dataTypeID: 25 })),
    rows: [[null, null, null]],
  }),
  'no-rows': answer(200, {
    command: 'SELECT',
    rowCount: 0,
    rowAsArray: true,
    fields: [],
    rows: [],
  }),
  'neon-starting': answer(500, neonError('could not connect to postgres in compute')),
  'neon-too-many-attempts': answer(
    500,
    neonError(
      'Failed to acquire permit to connect to the database. Too many database connection attempts are currently ongoing.',
    ),
  ),
  // A 400 has the SQLSTATE, as the error of a statement does.
  'neon-too-many-clients': answer(400, neonError('sorry, too many clients already', '53300')),
}

/** Faults by what the caller meets; each lasts until the next is injected. */
export const FAULTS = [
  'none',
  'refused',
  'reset-after-headers',
  'reset-mid-body',
  'hang',
  'hang-mid-body',
  'truncated',
  'rubbish',
  'slow',
  ...(Object.keys(FIXED_ANSWERS) as (keyof typeof FIXED_ANSWERS)[]),
] as const
export type Fault = (typeof FAULTS)[number]

export const ANSWERS: Partial<Record<Fault, Answer>> = FIXED_ANSWERS

/** Those that a caller does not notice who tries twice. */
export const SURVIVED_FAULTS: readonly Fault[] = ['none', '503-once']

function answer(status: number, body: unknown): Answer {
  return { status, type: 'application/json', body: JSON.stringify(body) }
}

/** neondatabase/neon, proxy/src/serverless/sql_over_http.rs; it names more fields, all null. */
function neonError(message: string, code: string | null = null) {
  return { message, code, detail: null, hint: null, severity: code && 'FATAL' }
}
