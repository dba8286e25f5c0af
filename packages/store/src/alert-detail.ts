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
/** What the meta of one event may take, as JSON; longer values are cut. */
const maxEventBytes = 8_191
const maxMetaValue = 4_095
const maxMetaKey = 255
const cutMark = '<stripped>'

/** As bytes, of which the first says how to read the others. */
export function writeDetail(detail: AlertDetail): Uint8Array {
  const { events, meta, labels } = detail
  const json = JSON.stringify({
    events: events.map(shortenEvent),
    meta: meta.map(shortenMeta),
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

/** Halves the longest values until the meta of an event fits. */
function shortenEvent(event: AlertEvent): AlertEvent {
  const { timestamp } = event
  if (sizeOf(event.meta) <= maxEventBytes) return { timestamp, meta: event.meta }
  for (let length = 2_048; length >= 1; length = Math.floor(length / 2)) {
    const meta = event.meta.map(({ key, value }) => ({
      key,
      value: value.length > 2 * length ? value.slice(0, length) + cutMark : value,
    }))
    if (sizeOf(meta) <= maxEventBytes) return { timestamp, meta }
  }
  return { timestamp, meta: [] }
}

function shortenMeta({ key, value }: MetaItem): MetaItem {
  return { key: key.slice(0, maxMetaKey), value: value.slice(0, maxMetaValue) }
}

function sizeOf(meta: readonly MetaItem[]): number {
  let length = 2
  for (const { key, value } of meta) length += 24 + key.length + value.length
  // Most are far from the limit: do not write JSON to know that.
  if (length * 6 <= maxEventBytes) return length
  return Buffer.byteLength(JSON.stringify(meta))
}
