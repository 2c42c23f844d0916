/** Creates a database for each catalog size, and keeps it between runs. */

import { chmod, mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import pg from 'pg'
import { servePglite } from '../tools/pglite/server.ts'
import { createCatalog, hasCatalog, SIZES, type Size } from './catalog.ts'
import { findPostgres, startPostgres } from './postgres.ts'

export interface Databases {
  /** For example `PostgreSQL 15.10`. */
  version: string
  /** Returns the URL of the database with this catalog, which it creates if it is missing. */
  open(size: Size): Promise<string>
  close(): Promise<void>
}

/**
 * Opens databases on the server of `databaseUrl`, or else of the system's PostgreSQL, or else of
 * PGlite. The data of the latter two is kept in `folder`.
 */
export async function openDatabases(options: {
  databaseUrl: string | undefined
  folder: string | undefined
}): Promise<Databases> {
  if (options.databaseUrl) return onServer(options.databaseUrl)
  const folder = resolve(options.folder ?? defaultFolder())
  await mkdir(folder, { recursive: true })
  const binaries = await findPostgres()
  if (!binaries) return onPglite(folder)
  if (process.getuid?.() === 0) await chmod(folder, 0o755)
  const server = await startPostgres(binaries, folder)
  return { ...(await onServer(server.url)), close: server.close }
}

/** As root, PostgreSQL runs as another user, who may have no access to this checkout. */
function defaultFolder(): string {
  return process.getuid?.() === 0 ? join(tmpdir(), 'gfw-assets-bench') : '.dev/bench'
}

async function onServer(serverUrl: string): Promise<Databases> {
  const server = new pg.Client(serverUrl)
  await server.connect()
  const { rows } = await server.query<{ server_version: string }>('show server_version')
  await server.end()
  return {
    version: `PostgreSQL ${rows[0]?.server_version.split(' ')[0]}`,
    async open(size) {
      const name = `gfw_assets_bench_${size}`
      const url = new URL(serverUrl)
      url.pathname = `/${name}`
      if (await hasCatalog(url.href)) return url.href
      logCreation(size)
      const client = new pg.Client(serverUrl)
      await client.connect()
      await client.query(`drop database if exists ${pg.escapeIdentifier(name)}`)
      await client.query(`create database ${pg.escapeIdentifier(name)} template template0`)
      await client.end()
      await createCatalog(url.href, SIZES[size])
      return url.href
    },
    close: () => Promise.resolve(),
  }
}

async function onPglite(folder: string): Promise<Databases> {
  console.error('PostgreSQL 15 or later not found; using PGlite, which runs one query at a time')
  const closers: (() => Promise<void>)[] = []
  return {
    version: 'PGlite',
    async open(size) {
      const server = await servePglite({ dataDir: join(folder, `pglite-${size}`) })
      closers.push(server.close)
      if (await hasCatalog(server.url)) return server.url
      logCreation(size)
      await dropEverything(server.url)
      await createCatalog(server.url, SIZES[size])
      return server.url
    },
    async close() {
      for (const close of closers) await close()
    },
  }
}

async function dropEverything(url: string): Promise<void> {
  const client = new pg.Client(url)
  await client.connect()
  await client.query('drop schema if exists drizzle cascade')
  await client.query('drop schema public cascade')
  await client.query('create schema public')
  await client.end()
}

function logCreation(size: Size): void {
  console.error(`creating a catalog of ${SIZES[size]} assets, which is kept for later runs`)
}
