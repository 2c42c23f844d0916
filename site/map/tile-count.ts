/** Counts the tiles that a map has asked for. */

/** Tiles that loaded, and tiles that did not. */
export type TileCounts = { loaded: number; failed: number }

type State = 'asked' | 'loaded' | 'failed'

/** Names a tile, such as `3/2/1`. A copy of the world has the same tiles. */
type TileName = string

export class TileCount {
  readonly #states = new Map<TileName, State>()

  ask(tile: TileName): void {
    if (!this.#states.has(tile)) this.#states.set(tile, 'asked')
  }

  /** A tile may load after it has failed, and keeps its state if it is loaded again. */
  load(tile: TileName): void {
    this.#states.set(tile, 'loaded')
  }

  fail(tile: TileName): void {
    this.#states.set(tile, 'failed')
  }

  /** The map moved on before the tile was there. */
  abort(tile: TileName): void {
    if (this.#states.get(tile) === 'asked') this.#states.delete(tile)
  }

  /**
   * When the map waits for nothing more, these have failed. A vector tile that answers 404 has loaded,
   * as an empty one.
   */
  settle(): void {
    for (const [tile, state] of this.#states) if (state === 'asked') this.fail(tile)
  }

  get counts(): TileCounts {
    const states = [...this.#states.values()]
    return {
      loaded: states.filter((state) => state === 'loaded').length,
      failed: states.filter((state) => state === 'failed').length,
    }
  }
}
