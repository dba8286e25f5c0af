import { readFileSync } from 'node:fs'
import { GeoDatabase } from './geo-database.ts'

/**
 * Opens a database file; undefined when there is none, which costs only what it would have told.
 * @throws {GeoError} When it is no database, or a damaged one.
 */
export function openGeoDatabase(path: string): GeoDatabase | undefined {
  let bytes: Buffer
  try {
    bytes = readFileSync(path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
  return new GeoDatabase(path, bytes)
}
