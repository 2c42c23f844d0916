import { expect, it } from 'vitest'
import { tileText } from '../../../site/map/map-status.tsx'
import { TileCount } from '../../../site/map/tile-count.ts'

it('counts tiles once, and those that MapLibre is silent about as failed', () => {
  const count = new TileCount()
  for (const tile of ['1/0/0', '1/0/1', '1/1/0', '1/1/1']) count.ask(tile)
  count.load('1/0/0')
  // A copy of the world, and a second layout of the same tile.
  count.ask('1/0/0')
  count.load('1/0/0')
  count.abort('1/0/1')
  expect(count.counts).toEqual({ loaded: 1, failed: 0 })
  count.settle()
  expect(count.counts).toEqual({ loaded: 1, failed: 2 })
})

it('counts a tile that loads at last as loaded, and keeps it when its reload is aborted', () => {
  const count = new TileCount()
  count.ask('0/0/0')
  count.settle()
  count.load('0/0/0')
  count.abort('0/0/0')
  expect(count.counts).toEqual({ loaded: 1, failed: 0 })
})

it.each([
  { loaded: 4, failed: 0, text: '' },
  { loaded: 3, failed: 1, text: '1 of 4 tiles did not load, which is normal outside the data.' },
  {
    loaded: 0,
    failed: 1,
    text: 'The tile here did not load. There may be no data here, or the host of the tiles cannot be reached.',
  },
  {
    loaded: 0,
    failed: 4,
    text: 'None of the 4 tiles here loaded. There may be no data here, or the host of the tiles cannot be reached.',
  },
])('says $text', ({ text, ...counts }) => {
  expect(tileText(counts)).toBe(text)
})
