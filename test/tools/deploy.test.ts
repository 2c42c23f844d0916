import { describe, expect, it } from 'vitest'
import { missingSecret } from '../../tools/deploy.ts'

describe('missingSecret', () => {
  it.each([
    [[], '', 'DATABASE_URL'],
    [['AUTH_JWT_SECRET'], '', 'DATABASE_URL'],
    [['DATABASE_URL'], '', 'AUTH_JWT_SECRET'],
    [['DATABASE_URL'], 'https://keys.example/jwks.json', undefined],
    [['DATABASE_URL', 'AUTH_JWT_SECRET'], '', undefined],
  ])('of %j with the JWKS URL "%s" is %s', (names, jwksUrl, missing) => {
    expect(missingSecret(names, jwksUrl)).toBe(missing)
  })
})
