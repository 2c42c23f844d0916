import fc from 'fast-check'
import { expect, it } from 'vitest'
import { toJs } from '../../../site/asset/recipes/js-literal.ts'

it('writes JavaScript of the same value, for any JSON', () => {
  fc.assert(
    fc.property(fc.json(), (json) => {
      // `__proto__` as a key of a literal sets the prototype.
      fc.pre(!json.includes('__proto__'))
      // JSON.parse keeps the sign of -0, which has none in the catalog.
      const value = JSON.parse(json.replaceAll('-0', '0'))
      expect(new Function(`return ${toJs(value)}`)()).toEqual(value)
    }),
  )
})

it('writes short objects on one line, and long ones on several', () => {
  const paint = { 'fill-color': '#2a7f3e', 'fill-opacity': 0.5, missing: undefined }
  expect(toJs({ id: 'a', paint })).toBe(
    "{ id: 'a', paint: { 'fill-color': '#2a7f3e', 'fill-opacity': 0.5 } }",
  )
  expect(toJs({ url: 'x'.repeat(80), list: [1, 2] })).toBe(
    `{\n  url: '${'x'.repeat(80)}',\n  list: [1, 2],\n}`,
  )
})

it('does not end the script of a page', () => {
  expect(toJs("</script>'")).toBe("'\\x3C/script>\\''")
})
