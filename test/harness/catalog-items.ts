/** Reads catalog files into arrays. */

import { type FileEntry, type FileItem, openCatalogFile } from '../../tools/catalog/file.ts'

export async function readEntries(path: string): Promise<FileEntry[]> {
  await using file = await openCatalogFile(path)
  return await Array.fromAsync(file.entries())
}

/** Reads a file; throws if it has faults. */
export async function readCatalogFile(path: string): Promise<FileItem[]> {
  return (await readEntries(path)).map((entry) => {
    if ('faults' in entry) throw new Error(JSON.stringify(entry.faults))
    return entry
  })
}
