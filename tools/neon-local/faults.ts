/** The faults that `faulty-neon.ts` injects, and their canned responses. */

import {
  answerTooLarge,
  COMPUTE_UNREACHABLE,
  CONNECTION_CLOSED,
  type ErrorFields,
  errorBody,
  type ProxyError,
  passwordRefused,
  requestTooLarge,
} from './errors.ts'

export type Answer = {
  status: number
  headers: Record<string, string>
  body: string | Uint8Array
  /** How long Neon retries before it answers. */
  waitMs?: number
}

/** Error responses of Neon's proxy. */
export const NEON_ANSWERS = {
  'neon-stopped': { ...neon(500, { message: COMPUTE_UNREACHABLE }), waitMs: 3000 },
  'neon-starting': neon(500, fatal('57P03', 'the database system is starting up')),
  'neon-too-many-clients': neon(500, fatal('53300', 'sorry, too many clients already')),
  'neon-too-many-attempts': neon(500, {
    message:
      'Failed to acquire permit to connect to the database. Too many database connection attempts are currently ongoing.',
  }),
  'neon-connection-closed': neon(400, { message: CONNECTION_CLOSED }),
  'neon-connection-reset': neon(500, {
    message: 'error communicating with the server: Connection reset by peer (os error 104)',
  }),
  'neon-terminated': neon(
    400,
    fatal('57P01', 'terminating connection due to administrator command'),
  ),
  'neon-wrong-password': refused(passwordRefused('worker')),
  'neon-password-changed': neon(
    500,
    fatal('28P01', 'password authentication failed for user "worker"'),
  ),
  'neon-database-missing': neon(400, fatal('3D000', 'database "catalog" does not exist')),
  'neon-statement-timeout': neon(
    400,
    failed('57014', 'canceling statement due to statement timeout'),
  ),
  'neon-permission-denied': neon(400, failed('42501', 'permission denied for table assets')),
  'neon-table-missing': neon(400, failed('42P01', 'relation "assets" does not exist')),
  'neon-answer-too-large': refused(answerTooLarge()),
  'neon-request-too-large': refused(requestTooLarge()),
  'neon-rate-limit': neon(500, {
    message: 'Too many connections to this endpoint. Please try again later.',
  }),
  'neon-quota': neon(500, {
    message:
      'Your project has exceeded the data transfer quota. Upgrade your plan to increase limits.',
  }),
  'neon-endpoint-disabled': neon(400, {
    message: 'The endpoint has been disabled. Enable it using Neon API and retry.',
  }),
  'neon-project-busy': {
    ...neon(500, { message: 'Project already has running operations, please try again later.' }),
    waitMs: 4400,
  },
} satisfies Record<string, Answer>

/** Responses of gateways and of servers that are not Neon. */
const OTHER_ANSWERS = {
  '502': html(502, 'Bad Gateway'),
  '503': html(503, 'Service Unavailable'),
  '504': html(504, 'Gateway Timeout'),
  '500': json(500, { message: 'internal error' }),
  html: html(200, 'Back soon'),
  'wrong-shape': json(200, { ok: true, result: [1, 2, 3] }),
  'wrong-columns': rows(['one'], [['1']]),
  'null-values': rows(['revision', 'total_items', 'asset_id'], [[null, null, null]]),
  'no-rows': rows([], []),
} satisfies Record<string, Answer>

const ALL_ANSWERS = { ...NEON_ANSWERS, ...OTHER_ANSWERS }

/** Faults of a single call, which a retry hides. */
export const ONCE = {
  '503-once': '503',
  'connection-closed-once': 'neon-connection-closed',
  'terminated-once': 'neon-terminated',
} as const satisfies Record<string, keyof typeof ALL_ANSWERS>

/** All faults; each lasts until the next is injected, those in `ONCE` for one call. */
export const FAULTS = [
  'none',
  'refused',
  'reset-after-headers',
  'reset-mid-body',
  'hang',
  'hang-mid-body',
  'truncated',
  'garbage',
  'slow',
  ...keys(ONCE),
  ...keys(ALL_ANSWERS),
] as const
export type Fault = (typeof FAULTS)[number]

export const ANSWERS: Partial<Record<Fault, Answer>> = ALL_ANSWERS

export const SURVIVED_FAULTS: readonly Fault[] = ['none', ...keys(ONCE)]

function neon(status: number, fields: ErrorFields): Answer {
  const answer = json(status, errorBody(fields))
  return { ...answer, headers: { ...answer.headers, 'Neon-Request-Id': 'injected-fault' } }
}

function refused({ status, fields }: ProxyError): Answer {
  return neon(status, fields)
}

function fatal(code: string, message: string): ErrorFields {
  return { severity: 'FATAL', code, message }
}

function failed(code: string, message: string): ErrorFields {
  return { severity: 'ERROR', code, message }
}

/** A result of text columns. */
function rows(names: string[], values: (string | null)[][]): Answer {
  return json(200, {
    command: 'SELECT',
    rowCount: values.length,
    rowAsArray: true,
    fields: names.map((name) => ({ name, dataTypeID: 25 })),
    rows: values,
  })
}

function json(status: number, body: unknown): Answer {
  return {
    status,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  }
}

function html(status: number, title: string): Answer {
  return {
    status,
    headers: { 'Content-Type': 'text/html' },
    body: `<!doctype html><title>${title}</title><h1>${title}</h1>`,
  }
}

function keys<Key extends string>(table: Record<Key, unknown>): Key[] {
  // Boundary: `Object.keys` is typed for objects that may have more keys than their type says.
  return Object.keys(table) as Key[]
}
