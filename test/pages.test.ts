import { expect, it } from 'vitest'
import { newHost, startIsolate } from './worker.ts'

it.each([
  [
    '/',
    'GFW asset catalogue',
    "default-src 'none'; script-src 'self'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; connect-src 'self' https:; img-src 'self' data: blob: https:; worker-src 'self'",
  ],
  [
    '/docs',
    'API · GFW asset catalogue',
    "default-src 'none'; script-src 'self'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; connect-src 'self'; img-src 'self' data:",
  ],
])('serves %s without a token, under its policy', async (path, title, policy) => {
  const { fetch } = await startIsolate()
  const init = { headers: { Authorization: '' } }
  const response = await fetch(`${newHost()}${path}`, init)
  expect(response.status).toBe(200)
  expect(response.headers.get('Content-Type')).toBe('text/html; charset=utf-8')
  expect(response.headers.get('Content-Security-Policy')).toBe(policy)
  expect(response.headers.get('Cache-Control')).toBe('public, max-age=0, must-revalidate')
  expect(response.headers.get('Referrer-Policy')).toBe('no-referrer')
  const html = await response.text()
  expect(html).toContain(`<title>${title}</title>`)
  expect(html).not.toMatch(/<style|style=|<script>/)
})

it('is a 304 for who has the page, and HEAD has no body', async () => {
  const { fetch } = await startIsolate()
  const host = newHost()
  const { headers } = await fetch(`${host}/`)
  const etag = headers.get('ETag') ?? ''
  const again = await fetch(`${host}/`, { headers: { 'If-None-Match': etag } })
  expect([again.status, await again.text()]).toEqual([304, ''])
  const head = await fetch(`${host}/`, { method: 'HEAD' })
  expect([head.status, head.headers.get('ETag'), await head.text()]).toEqual([200, etag, ''])
})

it.each(['/', '/docs'])('answers 405 to POST %s', async (path) => {
  const { fetch } = await startIsolate()
  const response = await fetch(`${newHost()}${path}`, { method: 'POST' })
  expect(response.status).toBe(405)
  expect(response.headers.get('Allow')).toBe('GET, HEAD, OPTIONS')
  expect(await response.json()).toEqual({ detail: 'Method Not Allowed' })
})
