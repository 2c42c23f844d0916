import { sql } from 'drizzle-orm'
import { describe, expect, it, vi } from 'vitest'
import { statements, value } from '../src/statement.ts'

describe('statements', () => {
  it('are written once for all values of the same names', () => {
    const write = vi.fn<(given: Set<string>) => ReturnType<typeof sql>>(
      (given) =>
        sql`select ${value('a')}${given.has('b') ? sql`, ${value('b')}, ${value('a')}` : sql``}`,
    )
    const select = statements(write)
    expect(select({ a: 1 })).toEqual({ sql: 'select $1', params: [1] })
    expect(select({ a: 'x' })).toEqual({ sql: 'select $1', params: ['x'] })
    expect(select({ a: 1, b: false })).toEqual({
      sql: 'select $1, $2, $3',
      params: [1, false, 1],
    })
    expect(select({ a: 2, b: true }).params).toEqual([2, true, 2])
    expect(write).toHaveBeenCalledTimes(2)
  })

  it('are not those of another statement', () => {
    const one = statements(() => sql`select ${value('a')}`)
    const other = statements(() => sql`delete ${value('a')}`)
    expect(one({ a: 1 }).sql).toBe('select $1')
    expect(other({ a: 1 }).sql).toBe('delete $1')
  })

  it('throw where a value is missing', () => {
    const select = statements(() => sql`select ${value('a')}`)
    expect(() => select({ b: 1 })).toThrow('No value for placeholder "a" was provided')
  })
})
