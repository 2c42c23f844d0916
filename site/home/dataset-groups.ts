/** Groups datasets by the prefixes of their names. */

export type Group<Item> = {
  /** Such as `umd_` or `gadm__tcl__`; undefined for datasets that share no prefix. */
  prefix: string | undefined
  items: Item[]
}

/** With fewer names, the part of a name before its last `__` is too little for a group. */
const MIN_CHAIN = 5
const MIN_WORD = 2

/**
 * Groups in the order of their prefixes, the datasets that share none last. Names made of parts
 * (`gadm__tcl__adm1_change`) are grouped by as many parts as enough of them share, other names by
 * their first word.
 *
 * @param items in the order of their names
 * @param minWord how many names have to share their first word
 */
export function groupByPrefix<Item extends { dataset: string }>(
  items: readonly Item[],
  minWord: number = MIN_WORD,
): Group<Item>[] {
  const groups: Group<Item>[] = []
  let rest = [...items]
  const deepest = Math.max(0, ...rest.map(({ dataset }) => chainPrefixes(dataset).length))
  for (let depth = deepest; depth > 0; depth--) {
    rest = take(rest, ({ dataset }) => chainPrefixes(dataset)[depth - 1], MIN_CHAIN)
  }
  rest = take(rest, ({ dataset }) => firstPrefix(dataset), minWord)
  groups.sort((a, b) => ((a.prefix ?? '') < (b.prefix ?? '') ? -1 : 1))
  if (rest.length > 0) groups.push({ prefix: undefined, items: rest })
  return groups

  /** Makes groups of at least `minimum` items, and returns the items that are in none. */
  function take(from: Item[], prefixOf: (item: Item) => string | undefined, minimum: number) {
    const byPrefix = Map.groupBy(from, prefixOf)
    const isGroup = (prefix: string | undefined) =>
      prefix !== undefined && (byPrefix.get(prefix)?.length ?? 0) >= minimum
    for (const [prefix, members] of byPrefix) {
      if (isGroup(prefix)) groups.push({ prefix, items: members })
    }
    return from.filter((item) => !isGroup(prefixOf(item)))
  }
}

/** `gadm__tcl__adm1_change`: `gadm__`, `gadm__tcl__`. */
function chainPrefixes(name: string): string[] {
  return [...name.matchAll(/__+/g)].map(({ index, 0: separator }) =>
    name.slice(0, index + separator.length),
  )
}

function firstPrefix(name: string): string | undefined {
  return /^[^_]+_/.exec(name)?.[0]
}
