/** What a reader sees before signing in: what the catalog is, and the form. */

import { useTitle } from '../ui/use-title.ts'
import { TokenForm } from './token-form.tsx'

type Props = { error: string | undefined; onToken: (token: string) => void }

const KINDS = [
  { kind: 'tiles', name: 'Tile caches', use: 'draw them on a map' },
  { kind: 'raster', name: 'Raster tile sets', use: 'read their pixels' },
  { kind: 'table', name: 'Tables', use: 'query them with SQL' },
  { kind: 'file', name: 'Files', use: 'download them' },
]

const EXAMPLES = [
  { dataset: 'umd_tree_cover_loss', about: 'Tree cover loss by year' },
  { dataset: 'gfw_integrated_alerts', about: 'Deforestation alerts' },
  { dataset: 'nasa_viirs_fire_alerts', about: 'Fires' },
  { dataset: 'wdpa_protected_areas', about: 'Protected areas' },
  { dataset: 'gfw_oil_palm', about: 'Oil palm concessions' },
  { dataset: 'gfw_forest_carbon_net_flux', about: 'Carbon flux of forests' },
]

export function SignIn({ error, onToken }: Props) {
  useTitle('Sign in')
  return (
    <div class="welcome">
      <section class="pitch">
        <h1>The data of Global Forest Watch, ready to use</h1>
        <p>
          The catalog lists every version of GFW’s datasets, and where its data is. Find a dataset,
          see it on a map, and copy the code that brings it into your own page, GIS or notebook.
        </p>
        <ul class="kinds">
          {KINDS.map(({ kind, name, use }) => (
            <li key={kind}>
              <span class={`badge ${kind}`}>{name}</span> {use}
            </li>
          ))}
        </ul>
        <TokenForm error={error} onToken={onToken} />
      </section>
      <section class="examples">
        <div class="world" aria-hidden="true" />
        <h2>Some of what is in it</h2>
        <dl>
          {EXAMPLES.map(({ dataset, about }) => (
            <div key={dataset}>
              <dt>{about}</dt>
              <dd class="mono">{dataset}</dd>
            </div>
          ))}
        </dl>
        <p class="muted">
          The API can be used without this page: <a href="/docs">read its documentation</a>.
        </p>
      </section>
    </div>
  )
}
