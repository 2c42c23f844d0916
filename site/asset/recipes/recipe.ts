/** A recipe: code that uses an asset with one tool. */

export type Recipe = {
  id: string
  /** The name of the tool. */
  label: string
  blocks: Block[]
}

export type Block = {
  label: string
  text: string
  /** A hint for the reader, shown with the code. */
  note?: string
  /** The name under which the text is offered as a file. */
  fileName?: string
}

/** A list without the blocks that an asset does not have. */
export function blocks(...all: (Block | undefined)[]): Block[] {
  return all.filter((block) => block !== undefined)
}
