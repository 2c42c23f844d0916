import { describe, expect, it, vi } from 'vitest'
import { noteAnswer, staleSeconds, staleSince } from '../../../site/ui/freshness.ts'
import { duration } from '../../../site/ui/freshness-bar.tsx'

describe('staleSeconds', () => {
  it.each([
    ['assets; hit; ttl=-130; detail=database-down', '190', 190],
    // Without `Age`, the answer is at least as old as its freshness is past.
    ['assets; hit; ttl=-130; detail=database-down', '', 130],
    ['edge; hit; ttl=5, assets; hit; ttl=-1; detail=database-down', '61', 61],
    ['assets; hit; ttl=42; detail=memory', '18', undefined],
    ['assets; hit; ttl=0; detail=memory', '60', undefined],
    ['assets; fwd=uri-miss; stored', '0', undefined],
    ['edge; hit; ttl=-5', '65', undefined],
    ['', '500', undefined],
  ])('reads %j with Age %j', (status, age, expected) => {
    expect(staleSeconds(new Headers({ 'Cache-Status': status, Age: age }))).toBe(expected)
  })
})

describe('noteAnswer', () => {
  it('keeps the time of the oldest answer of a load', () => {
    vi.useFakeTimers({ now: 1_000_000 })
    const { signal } = new AbortController()
    const headers = (age: string) =>
      new Headers({ 'Cache-Status': 'assets; hit; ttl=-1', Age: age })
    noteAnswer(signal, headers('100'))
    noteAnswer(signal, headers('300'))
    noteAnswer(signal, headers('200'))
    noteAnswer(signal, new Headers())
    expect(staleSince(signal)).toBe(700_000)
    expect(staleSince(new AbortController().signal)).toBeUndefined()
    vi.useRealTimers()
  })
})

describe('duration', () => {
  it.each([
    [0, '1 second'],
    [59_000, '59 seconds'],
    [89_000, '1 minute'],
    [190_000, '3 minutes'],
    [3_600_000, '1 hour'],
    [7_300_000, '2 hours'],
  ])('says %i ms as %s', (ms, text) => {
    expect(duration(ms)).toBe(text)
  })
})
