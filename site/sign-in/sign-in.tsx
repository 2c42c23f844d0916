/** The sign-in form. */

import { TOKEN_PATTERN } from '../session.ts'

type Props = { error: string | undefined; onToken: (token: string) => void }

export function SignIn({ error, onToken }: Props) {
  function submit(event: SubmitEvent) {
    event.preventDefault()
    if (!(event.currentTarget instanceof HTMLFormElement)) return
    const token = `${new FormData(event.currentTarget).get('token') ?? ''}`
    onToken(token)
  }

  return (
    <form class="sign-in" onSubmit={submit}>
      <h2>Sign in</h2>
      {error && (
        <p class="problem" role="alert">
          {error}
        </p>
      )}
      <label for="token">Bearer token</label>
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
      <p id="token-help">
        Get a token from the API’s operator. It is kept in this tab until you close it. In local
        development, <code>npm run dev</code> prints a link that signs you in.
      </p>
      <button type="submit">Sign in</button>
    </form>
  )
}
