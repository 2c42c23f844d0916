/** The session of the page's tab, for components. */

import { useEffect, useState } from 'preact/hooks'
import { openSession, type Session, type SessionState } from './session.ts'

let opened: Session | undefined

/** Opens the session with the first use. */
export function useSession(): SessionState & Pick<Session, 'signIn' | 'signOut' | 'reject'> {
  opened ??= openSession(window)
  const session = opened
  const [state, setState] = useState(session.state)
  useEffect(() => {
    setState(session.state)
    return session.onChange(setState)
  }, [session])
  return { ...state, signIn: session.signIn, signOut: session.signOut, reject: session.reject }
}
