/** The map's colors. MapLibre draws on a canvas, where the style sheet's names mean nothing. */

import type { Scheme } from '../theme.ts'

type Colors = {
  sea: string
  land: string
  coast: string
  line: string
  text: string
  asset: string
  highlight: string
}

export const MAP_COLORS: Record<Scheme, Colors> = {
  light: {
    sea: '#e8eef2',
    land: '#fbfaf6',
    coast: '#b9c4c9',
    line: '#a3afb5',
    text: '#47545a',
    asset: '#b3541e',
    highlight: '#0b4fa8',
  },
  dark: {
    sea: '#15202b',
    land: '#26323c',
    coast: '#4a5a66',
    line: '#5a6b77',
    text: '#b9c6cd',
    asset: '#ffb066',
    highlight: '#7fd0ff',
  },
}
