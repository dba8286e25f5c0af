import { type Address, AddressRange } from '@tocsin/address'
import { Reader } from 'maxmind'

export class GeoError extends Error {
  override readonly name = 'GeoError'
  readonly code: 'TOC_GEOIP_CORRUPT'
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = 'TOC_GEOIP_CORRUPT'
  }
}

/** An entry of a database: its record and the network it is about. */
export interface GeoEntry {
  /** As the database has it: `{ country: { iso_code: 'FR' } }`. */
  readonly record: Readonly<Record<string, unknown>> | undefined
  readonly range: AddressRange
}

/** One MaxMind database file (MMDB), of whatever maker. */
export class GeoDatabase {
  /** What the file says it is: `GeoLite2-City`. */
  readonly type: string
  readonly builtAtMs: number
  readonly #reader: Reader<never>

  /**
   * @param name How to call the file in errors.
   * @throws {GeoError} When the bytes are no such database, or are cut.
   */
  constructor(name: string, bytes: Buffer) {
    const reader = openReader(name, bytes)
    const { metadata } = reader
    const { nodeCount, recordSize, ipVersion, searchTreeSize } = metadata
    const isPlausible =
      [24, 28, 32].includes(recordSize) &&
      (ipVersion === 4 || ipVersion === 6) &&
      nodeCount > 0 &&
      searchTreeSize + 16 <= bytes.length
    if (!isPlausible) throw new GeoError(`${name} is a damaged GeoIP database`)
    this.#reader = reader
    this.type = String(metadata.databaseType)
    this.builtAtMs = Number(metadata.buildEpoch)
  }

  /**
   * The entry of an address, which must not be IPv4-mapped. Its range is also given when there is no
   * record: it is then the widest network around the address that has none.
   * @throws {GeoError} When the file is damaged there.
   */
  find(address: Address): GeoEntry {
    try {
      const [record, length] = this.#reader.getWithPrefixLength(address.toString())
      const bits = address.family === 4 ? 32 : 128
      return {
        record: isRecord(record) ? record : undefined,
        range: AddressRange.of(address, Math.min(length, bits)),
      }
    } catch (cause) {
      throw new GeoError(`the GeoIP database is damaged where it should tell of ${address}`, {
        cause,
      })
    }
  }
}

function openReader(name: string, bytes: Buffer): Reader<never> {
  try {
    return new Reader<never>(bytes)
  } catch (cause) {
    throw new GeoError(`${name} is not a GeoIP database (MMDB), or a damaged one`, { cause })
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
