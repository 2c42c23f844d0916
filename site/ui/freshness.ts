/**
 * How old the data on the page are. While its database is down, the API answers with stored pages
 * that are past their freshness, and says so in `Cache-Status` (RFC 9211): a negative `ttl`.
 */

import { useEffect, useState } from 'preact/hooks'

/** Times when the answers of a load were last known to be current: the oldest counts. */
const loads = new WeakMap<AbortSignal, number>()

/** The same of what is shown and stale, by what shows it. */
const shown = new Map<object, number>()
const listeners = new Set<() => void>()

/** Seconds since a stale answer was last known to be current, or undefined if it is fresh. */
export function staleSeconds(headers: Headers): number | undefined {
  const members = (headers.get('Cache-Status') ?? '').split(',')
  const own = members.find((member) => /^\s*assets\s*;/.test(member))
  const [, ttl] = /;\s*ttl=(-\d+)/.exec(own ?? '') ?? []
  if (ttl === undefined) return undefined
  const age = headers.get('Age') ?? ''
  return /^\d+$/.test(age) ? Number(age) : -Number(ttl)
}

/** Notes whether an answer is stale. Its request belongs to the load that `signal` cancels. */
export function noteAnswer(signal: AbortSignal | null | undefined, headers: Headers): void {
  const seconds = staleSeconds(headers)
  if (!signal || seconds === undefined) return
  loads.set(signal, Math.min(Date.now() - seconds * 1000, loads.get(signal) ?? Infinity))
}

/** When the load's answers were last known to be current, in ms since 1970, if they are stale. */
export function staleSince(signal: AbortSignal): number | undefined {
  return loads.get(signal)
}

/** Says since when `owner` shows stale data; undefined if it shows fresh data or nothing. */
export function showsStale(owner: object, since: number | undefined): void {
  if (shown.get(owner) === since) return
  if (since === undefined) shown.delete(owner)
  else shown.set(owner, since)
  for (const listener of listeners) listener()
}

/** When the oldest stale data on the page were last known to be current, in ms since 1970. */
export function useStaleSince(): number | undefined {
  const [since, setSince] = useState(oldest)
  useEffect(() => {
    const update = () => setSince(oldest())
    update()
    listeners.add(update)
    return () => void listeners.delete(update)
  }, [])
  return since
}

function oldest(): number | undefined {
  return shown.size > 0 ? Math.min(...shown.values()) : undefined
}
