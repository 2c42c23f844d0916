import { beforeEach, expect, it } from 'vitest'
import { readRevisions } from '../../../src/db/catalog.ts'
import { databaseUrls, query, resetCatalog, spyOnNetwork } from '../../harness/worker.ts'

const settings = { DATABASE_URL: databaseUrls().worker, DATABASE_TIMEOUT_MS: 60_000 }

beforeEach(() => resetCatalog([{ dataset: 'umd_loss' }, { dataset: 'wur_alerts' }]))

async function revisions(...names: string[]) {
  const { catalog, datasets } = await readRevisions(settings, names)
  return { catalog, datasets: Object.fromEntries(datasets) }
}

it('reads the revisions that are stored, in one call', async () => {
  const network = spyOnNetwork()
  const read = await revisions('wur_alerts', 'umd_loss')
  expect(network).toHaveBeenCalledTimes(1)
  const [catalog] = await query('select revision from catalog_revision')
  const stored = await query('select dataset, revision from datasets')
  expect(stored).toHaveLength(2)
  expect(read).toEqual({
    catalog: catalog?.revision,
    datasets: Object.fromEntries(stored.map(({ dataset, revision }) => [dataset, revision])),
  })
})

it('reads the revision of the catalog alone if there are no names', async () => {
  const { catalog } = await revisions('umd_loss')
  expect(await revisions()).toEqual({ catalog, datasets: {} })
})

it('gives a dataset that does not exist the revision of the catalog', async () => {
  const { catalog, datasets } = await revisions('umd_loss', 'unknown', 'umd_loss')
  expect(datasets).toEqual({ umd_loss: datasets.umd_loss, unknown: catalog })
  expect(datasets.umd_loss).not.toBe(catalog)
})

it('finds another revision after a dataset is created, changed and deleted', async () => {
  const seen: (string | undefined)[] = []
  const record = async () => seen.push((await revisions('new_alerts')).datasets.new_alerts)
  await record()
  await query(`insert into versions (dataset, version) values ('new_alerts', 'v1')`)
  await record()
  await query(`update versions set is_latest = true where dataset = 'new_alerts'`)
  await record()
  await query(`delete from versions where dataset = 'new_alerts'`)
  await record()
  expect(new Set(seen).size).toBe(4)
})

it('finds the old revision of a dataset after a change of another one', async () => {
  const before = await revisions('umd_loss', 'wur_alerts')
  await query(`update assets set status = 'failed' where dataset = 'umd_loss'`)
  const after = await revisions('umd_loss', 'wur_alerts')
  expect(after.datasets.wur_alerts).toBe(before.datasets.wur_alerts)
  expect(after.datasets.umd_loss).not.toBe(before.datasets.umd_loss)
  expect(after.catalog).not.toBe(before.catalog)
})
