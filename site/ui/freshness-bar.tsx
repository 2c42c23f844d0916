/** A quiet bar that says that the page may be out of date, and goes away when it is not. */

import { useEffect, useState } from 'preact/hooks'
import { useStaleSince } from './freshness.ts'
import { useOnline } from './use-online.ts'

const TICK_MS = 10_000

export function FreshnessBar() {
  const since = useStaleSince()
  const isOnline = useOnline()
  const isShown = since !== undefined || !isOnline
  // The live region is always there, because its first text is announced only then.
  return (
    <div class={isShown ? 'freshness' : ''}>
      <span role="status">{isShown && message(since, isOnline)}</span>
      {since !== undefined && <Age since={since} />}
    </div>
  )
}

function message(since: number | undefined, isOnline: boolean): string {
  if (since === undefined) return 'You are offline. What you see may be out of date.'
  const time = new Date(since).toLocaleTimeString('en', { hour: '2-digit', minute: '2-digit' })
  const reason = isOnline ? 'The database cannot be reached.' : 'You are offline.'
  return `${reason} You see the catalog as of ${time}.`
}

/** Not in the live region, because it changes all the time. */
function Age({ since }: { since: number }) {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    setNow(Date.now())
    const timer = setInterval(() => setNow(Date.now()), TICK_MS)
    return () => clearInterval(timer)
  }, [since])
  return <span class="muted">{duration(now - since)} ago</span>
}

/** @param ms at least 0 */
export function duration(ms: number): string {
  const seconds = Math.max(1, Math.round(ms / 1000))
  if (seconds < 60) return count(seconds, 'second')
  const minutes = Math.round(seconds / 60)
  return minutes < 60 ? count(minutes, 'minute') : count(Math.round(minutes / 60), 'hour')
}

function count(value: number, unit: string): string {
  return `${value} ${unit}${value === 1 ? '' : 's'}`
}
