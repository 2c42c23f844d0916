/**
 * Error responses of Neon's proxy: whether a retry can succeed, whether the database is out of reach,
 * and what may be logged. Errors of Postgres have their SQLSTATE as `code`; the proxy's own have `""`.
 */

/** Neon sends at most 10 MiB of JSON. */
const TOO_LARGE = 507
const REQUEST_TOO_LARGE = 413
const GATEWAY_STATUSES = [502, 503, 504]
const ADMIN_SHUTDOWN = '57P01'
/** SQLSTATE classes that concern the connection, the role, the database or the server. */
const OUTAGE_SQL_STATES = /^(08|28|3D|57P)/

const MAX_REASON_CHARACTERS = 200
const MAX_WORD_CHARACTERS = 30

/** A response other than 2xx. `message` can hold secrets, and must not leave the Worker. */
export class NeonError extends Error {
  readonly httpStatus: number
  readonly sqlState: string | undefined

  constructor(httpStatus: number, body: string) {
    const { message, code } = parseBody(body)
    super(typeof message === 'string' ? message : '')
    this.name = 'NeonError'
    this.httpStatus = httpStatus
    this.sqlState = typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : undefined
  }

  /** The connection was lost, or something between the Worker and Neon failed. */
  get canSucceedNextTime(): boolean {
    if (this.sqlState) return this.sqlState === ADMIN_SHUTDOWN
    if (this.httpStatus === 400) return this.message === 'connection closed'
    if (this.httpStatus === 500) {
      return this.message.startsWith('error communicating with the server')
    }
    return GATEWAY_STATUSES.includes(this.httpStatus)
  }

  get isTooLarge(): boolean {
    return this.httpStatus === TOO_LARGE
  }

  /** False if the error concerns this statement alone. */
  get isOutage(): boolean {
    if (this.isTooLarge || this.httpStatus === REQUEST_TOO_LARGE) return false
    if (this.httpStatus >= 500 || !this.sqlState) return true
    return OUTAGE_SQL_STATES.test(this.sqlState)
  }

  /** The message for the log, without names, values and secrets; empty if there is none. */
  get reason(): string {
    return withoutQuotes(this.message)
      .slice(0, MAX_REASON_CHARACTERS)
      .split(/\s+/)
      .map((word) => (mayBeSecret(word) ? '…' : word.replace(/\d+/g, '…')))
      .join(' ')
  }
}

function parseBody(body: string): { message?: unknown; code?: unknown } {
  try {
    return Object(JSON.parse(body))
  } catch {
    // A gateway can answer with HTML: only the status is known.
    return {}
  }
}

/**
 * Removes names and values, which are quoted. Values can contain quotes themselves, so everything
 * from the first quote to the last is removed, and the rest too if the last one opens a quotation.
 */
function withoutQuotes(message: string): string {
  // An apostrophe inside a word is not a quote.
  const start = message.search(/"|(?<!\w)'/)
  if (start < 0) return message
  const end = Math.max(message.lastIndexOf('"'), message.lastIndexOf("'"))
  const isClosed = end > start && !/^(\s|\()["']\w/.test(message.slice(end - 1))
  return `${message.slice(0, start)}…${isClosed ? message.slice(end + 1) : ''}`
}

/** True for a word that may be a URL, an address or a setting, or that is too long. */
function mayBeSecret(word: string): boolean {
  return word.length > MAX_WORD_CHARACTERS || /[@=]|:\/\//.test(word)
}
