import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import type { AlertEvent, MetaItem } from '@tocsin/model'

/** The parts of an alert that nobody searches: kept together, compressed when long. */
export interface AlertDetail {
  readonly events: readonly AlertEvent[]
  readonly meta: readonly MetaItem[]
  readonly labels: readonly string[]
}

const plain = 0
const compressed = 1
/** Shorter text gains too little. */
const compressFrom = 1_024

/** As bytes, of which the first says how to read the others. */
export function writeDetail(detail: AlertDetail): Uint8Array {
  const { events, meta, labels } = detail
  const json = JSON.stringify({
    events,
    meta,
    ...(labels.length > 0 ? { labels } : {}),
  })
  const bytes = Buffer.from(json)
  if (bytes.length < compressFrom) return Buffer.concat([Buffer.of(plain), bytes])
  return Buffer.concat([Buffer.of(compressed), zstdCompressSync(bytes)])
}

export function readDetail(bytes: Uint8Array): AlertDetail {
  const body = bytes.subarray(1)
  const json = bytes[0] === compressed ? zstdDecompressSync(body) : body
  const { events, meta, labels } = JSON.parse(Buffer.from(json).toString()) as Partial<AlertDetail>
  return { events: events ?? [], meta: meta ?? [], labels: labels ?? [] }
}
