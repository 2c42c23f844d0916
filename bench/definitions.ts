/** Meanings and limits of the figures. */

export type Definition = { meaning: string; limit?: Limit }
export type Limit = { text: string; isMet(median: number): boolean }

/** Keys match the first pattern. Limits hold for the median. */
const DEFINITIONS: [pattern: RegExp, meaning: string, limit?: Limit][] = [
  [
    /^warm\.throughput_ratio$/,
    'stored pages per second to those of a bare Worker with one cache match',
    atLeast(1.3),
  ],
  [/^warm\.cpu_ratio$/, 'CPU time of a stored page to that of the bare Worker', atMost(1.5)],
  [/^warm\.(app|bare)_requests_per_s$/, 'stored pages per second over 16 connections'],
  [/^warm\.(app|bare)_cpu_ms$/, 'CPU time of a stored page'],
  [
    /^cold\.app_ratio$/,
    'latency of a page from the database, less the cache look, to the raw driver with the same statement',
    atMost(1.15),
  ],
  [/^cold\.latency_ratio$/, 'the same ratio with the simulated cache look'],
  [/^cold\.round_trips$/, 'database calls of one page, at most', exactly(1)],
  [
    /^cold\.cache_looks$/,
    'looks into the cache before the call, at most, if the revision is known',
    exactly(1),
  ],
  [/^cold\.(app|driver)_ms$/, 'latency of a page from the database'],
  [/^cold\.look_ms$/, 'a look into the simulated cache'],
  [/^scale\.first_ms\.1m\./, slowest('first page'), atMost(10)],
  [/^scale\.first_ms\./, slowest('first page')],
  [/^scale\.middle_ms\.1m\./, slowest('middle page'), atMost(100)],
  [/^scale\.middle_ms\./, slowest('middle page')],
  [/^scale\.last_ms\.1m\./, slowest('last page'), atMost(100)],
  [/^scale\.last_ms\./, slowest('last page')],
  [/^scale\.asset_ms\./, 'database time of one asset'],
  [/^scale\.datasets_ms\.1m\.first$/, ofDatasets('the first page'), atMost(10)],
  [/^scale\.datasets_ms\..*\.first$/, ofDatasets('the first page')],
  [/^scale\.datasets_ms\.1m\.middle$/, ofDatasets('the middle page'), atMost(20)],
  [/^scale\.datasets_ms\..*\.middle$/, ofDatasets('the middle page')],
  [/^scale\.datasets_ms\.1m\.search$/, ofDatasets('the slowest of three searches'), atMost(60)],
  [/^scale\.datasets_ms\..*\.search$/, ofDatasets('the slowest of three searches')],
  [
    /^size1000\.ratio$/,
    'latency of a page of 1,000 assets to the raw driver with the same statement',
    atMost(1.5),
  ],
  [/^size1000\.(app|driver)_ms$/, 'latency of a page of 1,000 assets'],
  [/^herd\.calls$/, 'database calls of 200 simultaneous requests for one page', atMost(2)],
  [/^crawl\.calls$/, 'database calls of a crawl of 64 pages of 25', atMost(10)],
  [
    /^mix\.calls_per_10k$/,
    'database calls of 10,000 requests for 500 pages, 400 of them of datasets, with one change a minute in a random dataset',
    atMost(800),
  ],
  [/^mix\.states_per_10k$/, 'pages that these requests see for the first time, or changed'],
  [/^mix\.calls_per_10k\.changes_\d+$/, 'database calls with another number of changes a minute'],
  [/^mix\.states_per_10k\.changes_\d+$/, 'new or changed pages with that number of changes'],
  [
    /^import\.ratio$/,
    'an import of 10,000 assets into the largest catalog to the same without triggers',
    atMost(2),
  ],
  [/^import\.(with|without)_triggers_ms$/, 'an import of 10,000 assets'],
  [/^memory\.peak_mib\./, 'growth of workerd while it answers the largest page, in MiB'],
  [/^bundle\.gzip_kib$/, 'the deployed bundle, compressed, in KiB', atMost(140)],
  [
    /^startup\.ratio$/,
    'time from starting workerd to its first answer, to the same of a bare Worker',
    atMost(3),
  ],
  [/^startup\.(app|bare)_ms$/, 'time from starting workerd to its first answer'],
]

/** Throws if no definition matches the figure's key. */
export function definitionOf(key: string): Definition {
  const found = DEFINITIONS.find(([pattern]) => pattern.test(key))
  if (!found) throw new Error(`${key} has no definition`)
  const [, meaning, limit] = found
  return { meaning, ...(limit && { limit }) }
}

function slowest(page: string): string {
  return `database time of the ${page} of a listing, slowest query`
}

function ofDatasets(page: string): string {
  return `database time of \`/datasets\`, ${page}`
}

function atMost(limit: number): Limit {
  return { text: `≤ ${limit}`, isMet: (median) => median <= limit }
}

function atLeast(limit: number): Limit {
  return { text: `≥ ${limit}`, isMet: (median) => median >= limit }
}

function exactly(limit: number): Limit {
  return { text: `= ${limit}`, isMet: (median) => median === limit }
}
