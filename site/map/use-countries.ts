/** Borders and names of countries, loaded when they are first wanted. */

import { useEffect, useState } from 'preact/hooks'
import type { Countries } from './country-layers.ts'

/** Undefined if they are not wanted, still load, or could not be loaded. */
export function useCountries(isWanted: boolean): Countries | undefined {
  const [countries, setCountries] = useState<Countries>()
  useEffect(() => {
    if (!isWanted || countries) return
    // They are no part of the asset: without them, the map is the same.
    import('./countries.ts').then(
      ({ readCountries }) => setCountries(readCountries()),
      () => {},
    )
  }, [isWanted, countries])
  return isWanted ? countries : undefined
}
