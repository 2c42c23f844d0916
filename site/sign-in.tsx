/** Asks for the token once. */

import { TOKEN_PATTERN } from './session.ts'

type Props = { refusal: string | undefined; onToken: (token: string) => void }

export function SignIn({ refusal, onToken }: Props) {
  function submit(event: SubmitEvent) {
    event.preventDefault()
    if (!(event.currentTarget instanceof HTMLFormElement)) return
    const token = `${new FormData(event.currentTarget).get('token') ?? ''}`
    onToken(token)
  }

  return (
    <form class="sign-in" onSubmit={submit}>
      <h2>Sign in</h2>
      {refusal && (
        <p class="problem" role="alert">
          {refusal}
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
        The API’s operator gives you one. It stays in this tab, and is forgotten when the tab is
        closed. On your own machine, <code>npm run dev</code> prints a link that signs you in.
      </p>
      <button type="submit">Sign in</button>
    </form>
  )
}
