/** Asks for a bearer token. */

import { useEffect, useRef, useState } from 'preact/hooks'
import { TOKEN_PATTERN } from '../session.ts'
import { isLoopback } from './loopback.ts'

type Props = {
  /** Why the last token was rejected. */
  error: string | undefined
  onToken: (token: string) => void
}

export function TokenForm({ error, onToken }: Props) {
  const field = useRef<HTMLInputElement>(null)
  // The browser says what is wrong with another token.
  const [isEdited, setEdited] = useState(false)
  const message = isEdited ? undefined : error

  useEffect(() => {
    setEdited(false)
    // The page as a whole has the focus if what had it is gone.
    const isFocusLost = document.activeElement?.contains(field.current)
    if (error && isFocusLost) field.current?.focus()
  }, [error])

  function submit(event: SubmitEvent) {
    event.preventDefault()
    if (!(event.currentTarget instanceof HTMLFormElement)) return
    const typed = `${new FormData(event.currentTarget).get('token') ?? ''}`
    onToken(typed.replace(/^\s*([Bb]earer\s+)?/, '').trim())
  }

  return (
    <form class="sign-in" onSubmit={submit}>
      <label for="token">Bearer token</label>
      <div class="token">
        <input
          ref={field}
          id="token"
          name="token"
          type="password"
          autocomplete="off"
          spellcheck={false}
          required
          // As it stands in a header that is copied whole, too.
          pattern={`\\s*([Bb]earer\\s+)?(${TOKEN_PATTERN})\\s*`}
          title="Letters, digits and . _ ~ + / - = only"
          aria-invalid={message ? 'true' : undefined}
          aria-describedby="token-help"
          onInput={() => setEdited(true)}
        />
        <button type="submit">Sign in</button>
      </div>
      {message && (
        <p class="problem" role="alert">
          {message}
        </p>
      )}
      <p id="token-help" class="muted">
        Use the token that GFW, or whoever runs this service, has given you. It stays in this
        browser’s tabs until you sign out or close the last one.
        {isLoopback(location.hostname) && (
          <>
            {' '}
            <code>npm run dev</code> prints a link that signs you in.
          </>
        )}
      </p>
    </form>
  )
}
