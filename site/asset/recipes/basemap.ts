/**
 * The basemap of the recipes' web pages: OpenFreeMap. It needs no key, has no limits, and answers pages
 * that were opened from a file. tile.openstreetmap.org blocks these, because they send no `Referer`.
 */

/** A MapLibre style that is light, so that data stand out. It brings its own attribution. */
export const BASEMAP_STYLE = 'https://tiles.openfreemap.org/styles/positron'

/** Shaded relief of Natural Earth, for libraries that do not draw styles. */
export const BASEMAP_TILES = {
  url: 'https://tiles.openfreemap.org/natural_earth/ne2sr/{z}/{x}/{y}.png',
  maxZoom: 6,
  attribution: 'Natural Earth, OpenFreeMap',
}

export const BASEMAP_COMMENT =
  '// The basemap is by OpenFreeMap: no key, no limits (https://openfreemap.org).'

/** Attribution of the layer itself. */
export const GFW_ATTRIBUTION = 'Global Forest Watch'
