/** The recipes of an asset, by its type: the tools that most readers want come first. */

import type { Asset, TileJson } from '../../../packages/client/src/client.ts'
import { kindOf } from '../asset-type.ts'
import { catalogApiRecipe, latestTileJsonUrl, tileJsonRecipe } from './catalog-api.ts'
import { fileRecipes } from './files.ts'
import { leafletRecipe } from './leaflet.ts'
import { mapLibreRecipe } from './maplibre.ts'
import { openLayersRecipe } from './openlayers.ts'
import { qgisRecipe } from './qgis.ts'
import type { Recipe } from './recipe.ts'
import { tableRecipes } from './table.ts'

export type RecipeOptions = {
  /** The origin of this API. */
  origin: string
  /** The TileJSON, if the asset is a tile cache that can be drawn. */
  tileJson?: TileJson | undefined
  /** Whether the latest version has exactly one tile cache of the asset's type. */
  hasLatest?: boolean
}

export function recipesFor(asset: Asset, options: RecipeOptions): Recipe[] {
  return [...toolRecipes(asset, options), catalogApiRecipe(options.origin, asset)]
}

function toolRecipes(asset: Asset, options: RecipeOptions): Recipe[] {
  switch (kindOf(asset.asset_type)) {
    case 'tiles':
      return options.tileJson ? tileRecipes(asset, options.tileJson, options) : []
    case 'table':
      return tableRecipes(asset)
    case 'raster':
      return fileRecipes(asset, true)
    case 'file':
      return fileRecipes(asset, false)
  }
}

function tileRecipes(asset: Asset, tileJson: TileJson, { origin, hasLatest }: RecipeOptions) {
  const { dataset, asset_id: id } = asset
  const latestUrl = hasLatest ? latestTileJsonUrl(origin, asset) : undefined
  return [
    mapLibreRecipe(dataset, tileJson, latestUrl),
    // Leaflet draws vector tiles with plugins alone.
    ...(tileJson.vector_layers ? [] : [leafletRecipe(dataset, tileJson)]),
    openLayersRecipe(dataset, tileJson),
    qgisRecipe(dataset, tileJson.name, tileJson),
    tileJsonRecipe(`${origin}/asset/${id}/tilejson.json`, tileJson, latestUrl),
  ]
}
