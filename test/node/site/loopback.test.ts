import { expect, it } from 'vitest'
import { isLoopback } from '../../../site/sign-in/loopback.ts'

it.each([
  ['localhost', true],
  ['127.0.0.1', true],
  ['127.1.2.3', true],
  ['[::1]', true],
  ['assets.globalforestwatch.org', false],
  ['localhost.example', false],
  ['127.0.0.1.example', false],
])('the reader’s own machine is %s: %s', (hostname, expected) => {
  expect(isLoopback(hostname)).toBe(expected)
})
