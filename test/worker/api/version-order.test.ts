import { describe, expect, it } from 'vitest'
import { compareVersions } from '../../../src/api/version-order.ts'

describe('the order of versions', () => {
  it.each([
    ['numbers, not text', ['v1', 'v2', 'v9', 'v10', 'v11']],
    [
      'every part compared as a number',
      ['v1.2', 'v1.9', 'v1.12', 'v2.1', 'v2.1.9', 'v2.1.10', 'v10.0'],
    ],
    ['a version before its longer forms', ['v1', 'v1.0', 'v1.0.0', 'v1.0.1', 'v1.1']],
    ['spellings of the same number, as text', ['v0', 'v00', 'v01', 'v1', 'v01.5', 'v1.05', 'v1.5']],
    ['years', ['v1900', 'v1999', 'v2000', 'v2024', 'v2099']],
    ['years, months and days', ['v2023', 'v202312', 'v20231231', 'v2024', 'v202401', 'v20240101']],
    ['parts of a date', ['v2023', 'v2023.1', 'v202312', 'v202312.1', 'v20231231', 'v20231231.2']],
    [
      'dates after numbers, however large',
      ['v1', 'v1899', 'v2100', 'v20245', 'v2024010', 'v99999999', 'v1900', 'v2024'],
    ],
    ['dates from their start to their end', ['v12024', 'v92024', 'v202411111', 'v2024']],
  ])('has %s', (_, versions) => {
    for (const [i, left] of versions.entries()) {
      const signs = versions.map((right) => Math.sign(compareVersions(left, right)))
      expect(signs).toEqual(versions.map((_, j) => Math.sign(i - j)))
    }
  })
})
