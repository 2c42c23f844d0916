import { expect, it } from 'vitest'
import { newHost, startIsolate } from '../../harness/worker.ts'

it.each([
  ['/', 'GFW asset catalog'],
  ['/docs', 'API · GFW asset catalog'],
])('serves %s without a token, and without scripts or styles inside', async (path, title) => {
  const { fetch } = await startIsolate()
  const response = await fetch(newHost() + path, { headers: { Authorization: '' } })
  expect(response.status).toBe(200)
  const html = await response.text()
  expect(html).toContain(`<title>${title}</title>`)
  expect(html).not.toMatch(/<style|style=|<script>/)
})
