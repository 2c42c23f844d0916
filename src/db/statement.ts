/**
 * Statements written once: drizzle takes longer to put a text together than the rest of a request
 * takes before its database call, and only the values differ from call to call.
 */

import { fillPlaceholders, type Placeholder, type Query, type SQL, sql } from 'drizzle-orm'
import { PgDialect } from 'drizzle-orm/pg-core'

export type Values = Record<string, unknown>

const dialect = new PgDialect()

/** A value's place in a statement. */
export function value(name: string): Placeholder {
  return sql.placeholder(name)
}

/**
 * Statements by the names of their values: these alone decide the text, and so how many are kept.
 *
 * @param write is told the names that are given; a `value` of another name throws
 */
export function statements(write: (given: Set<string>) => SQL): (values: Values) => Query {
  const written = new Map<string, Query>()
  return (values) => {
    const names = Object.keys(values)
    const key = names.join()
    const statement = written.get(key) ?? dialect.sqlToQuery(write(new Set(names)))
    written.set(key, statement)
    return { sql: statement.sql, params: fillPlaceholders(statement.params, values) }
  }
}
