/** Asks for a bearer token. */

import { TOKEN_PATTERN } from '../session.ts'

type Props = { error: string | undefined; onToken: (token: string) => void }

export function TokenForm({ error, onToken }: Props) {
  function submit(event: SubmitEvent) {
    event.preventDefault()
    if (!(event.currentTarget instanceof HTMLFormElement)) return
    onToken(`${new FormData(event.currentTarget).get('token') ?? ''}`)
  }

  return (
    <form class="sign-in" onSubmit={submit}>
      {error && (
        <p class="problem" role="alert">
          {error}
        </p>
      )}
      <label for="token">Bearer token</label>
      <div class="token">
        <input
          id="token"
          name="token"
          type="password"
          autocomplete="off"
          spellcheck={false}
          required
          pattern={TOKEN_PATTERN}
          title="Letters, digits and . _ ~ + / - = only"
          aria-describedby="token-help"
        />
        <button type="submit">Sign in</button>
      </div>
      <p id="token-help" class="muted">
        Get a token from the API’s operator. It stays in this browser’s tabs until you sign out or
        close the last one. In local development, <code>npm run dev</code> prints a link that signs
        you in.
      </p>
    </form>
  )
}
