import { describe, expect, it } from 'vitest'
import { curlCommand, requestUrl } from '../../../site/assets/request-url.ts'

describe('requestUrl', () => {
  it.each([
    [{}, 'https://api.test/assets'],
    [{ dataset: 'gfw_oil_palm' }, 'https://api.test/assets?dataset=gfw_oil_palm'],
    [
      { 'page[size]': '100', asset_type: 'Raster tile set', 'page[number]': '2' },
      'https://api.test/assets?asset_type=Raster+tile+set&page[number]=2&page[size]=100',
    ],
  ])('is the API’s request for %j', (query, url) => {
    expect(requestUrl('https://api.test', query)).toBe(url)
  })

  it('has no quote that would end the argument of curl', () => {
    const url = requestUrl('https://api.test', { asset_uri: `a'; "$(rm)` })
    expect(curlCommand(url)).toBe(
      `curl -gs -H "Authorization: Bearer $TOKEN" 'https://api.test/assets?asset_uri=a%27%3B+%22%24%28rm%29'`,
    )
  })
})
