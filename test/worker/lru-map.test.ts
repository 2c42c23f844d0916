import { expect, it } from 'vitest'
import { LruMap } from '../../src/lru-map.ts'

const keysOf = (map: LruMap<string>) => map.entries().map(([key]) => key)

it('forgets the entry used least recently', () => {
  const map = new LruMap<string>(2)
  map.set('a', '1')
  map.set('b', '2')
  expect(map.get('a')).toBe('1')
  map.set('c', '3')
  expect(map.entries()).toEqual([
    ['a', '1'],
    ['c', '3'],
  ])
  expect(map.get('b')).toBeUndefined()
})

it('does not count a peek as a use', () => {
  const map = new LruMap<string>(2)
  map.set('a', '1')
  map.set('b', '2')
  expect(map.peek('a')).toBe('1')
  map.set('c', '3')
  expect(keysOf(map)).toEqual(['b', 'c'])
})

it('adds up the sizes of entries', () => {
  const map = new LruMap<string>(10, (value, key) => value.length + key.length)
  map.set('a', '1234')
  map.set('b', '1234')
  expect(keysOf(map)).toEqual(['a', 'b'])
  map.set('c', '1')
  expect(keysOf(map)).toEqual(['b', 'c'])
  map.set('b', '12345678')
  expect(keysOf(map)).toEqual(['b'])
  map.set('b', '1')
  map.set('d', '12345')
  expect(keysOf(map)).toEqual(['b', 'd'])
})

it('keeps nothing of an entry that is too large, and forgets its earlier value', () => {
  const map = new LruMap<string>(10, (value) => value.length)
  map.set('a', '1')
  map.set('a', '12345678901')
  expect(map.entries()).toEqual([])
})

it('frees the size of a deleted entry', () => {
  const map = new LruMap<string>(1)
  map.set('a', '1')
  expect(map.delete('a')).toBe(true)
  expect(map.delete('a')).toBe(false)
  map.set('b', '2')
  expect(keysOf(map)).toEqual(['b'])
})
