/** The names of the datasets in the shipped catalog, in the order of `GET /datasets`. */

import { readFile } from 'node:fs/promises'

export async function shippedDatasets(): Promise<string[]> {
  const file = new URL('../../../catalog/gfw-catalog.json', import.meta.url)
  const { data }: { data: { dataset: string }[] } = JSON.parse(await readFile(file, 'utf8'))
  return [...new Set(data.map(({ dataset }) => dataset))].sort()
}
