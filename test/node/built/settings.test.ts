import { afterAll, expect, it } from 'vitest'
import { startBuiltWorker } from '../../harness/built-worker.ts'

const running = new AsyncDisposableStack()
afterAll(() => running.disposeAsync())

it('a wrong setting refuses every request, and is logged once in an isolate', async () => {
  const lines: string[] = []
  const worker = await startBuiltWorker({
    // As `wrangler deploy --var DATABASE_TIMEOUT_MS:5s` sets it.
    vars: {
      DATABASE_URL: 'postgres://test:test-only@127.0.0.1:9/catalog',
      DATABASE_TIMEOUT_MS: '5s',
    },
    onLog: (line) => lines.push(line),
  })
  running.defer(() => worker.close())
  const url = 'https://settings.example'
  for (const [path, status] of [
    ['/assets', 500],
    ['/datasets', 500],
    ['/readyz', 503],
    ['/livez', 200],
  ] as const) {
    expect((await worker.fetch(url + path)).status).toBe(status)
  }
  const logged = lines
    .map((line) => JSON.parse(line))
    .filter(({ message }) => message !== 'request')
  expect(logged.map(({ time, ...line }) => line)).toEqual([
    {
      level: 'error',
      message:
        'every request is refused: DATABASE_TIMEOUT_MS must be a whole number of milliseconds from 1 to 60000',
    },
  ])
})
