/**
 * Errors that Neon's proxy answers instead of rows: what they say, whether a second try can succeed,
 * and whether the database is out of reach. An error of Postgres carries its SQLSTATE as `code`; the
 * proxy's own errors carry `""`.
 */

/** Neon stops at 10 MiB of JSON. */
const TOO_LARGE = 507
const REQUEST_TOO_LARGE = 413
const GATEWAY_STATUSES = [502, 503, 504]
const ADMIN_SHUTDOWN = '57P01'
/** SQLSTATE classes that speak of the connection, the role, the database or the server. */
const OUTAGE_SQL_STATES = /^(08|28|3D|57P)/

const MAX_REASON_CHARACTERS = 200
const MAX_WORD_CHARACTERS = 30

/** An HTTP answer other than 2xx. `message` is Neon's own and must not leave the Worker as it is. */
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

  /** The message without anything that may be a name, a value or a secret; empty if there is none. */
  get reason(): string {
    return withoutQuotes(this.message)
      .slice(0, MAX_REASON_CHARACTERS)
      .split(/\s+/)
      .map((word) => (isTelling(word) ? '…' : word.replace(/\d+/g, '…')))
      .join(' ')
  }
}

function parseBody(body: string): { message?: unknown; code?: unknown } {
  try {
    return Object(JSON.parse(body))
  } catch {
    // An HTML page of a gateway, say: its status has to do.
    return {}
  }
}

/**
 * Quotes hold names and values, and values can hold quotes: all from the first to the last goes,
 * and all after a last one that opens a quote which nothing closes.
 */
function withoutQuotes(message: string): string {
  // An apostrophe inside of a word does not open a quote.
  const start = message.search(/"|(?<!\w)'/)
  if (start < 0) return message
  const end = Math.max(message.lastIndexOf('"'), message.lastIndexOf("'"))
  const isClosed = end > start && !/^(\s|\()["']\w/.test(message.slice(end - 1))
  return `${message.slice(0, start)}…${isClosed ? message.slice(end + 1) : ''}`
}

/** A URL, an address, a setting, or too long to be a word. */
function isTelling(word: string): boolean {
  return word.length > MAX_WORD_CHARACTERS || /[@=]|:\/\//.test(word)
}
