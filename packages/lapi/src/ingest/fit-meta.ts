import type { AlertEvent, MetaItem } from '@tocsin/model'

const maxEventBytes = 8191
const maxMetaValueBytes = 4095
const maxMetaKeyBytes = 255

/** Cuts long values of each event until it fits the 8191 bytes that readers expect at most. */
export function fitEvents(events: readonly AlertEvent[]): AlertEvent[] {
  return events.map((event) => {
    return sizeOf(event.meta) <= maxEventBytes ? event : { ...event, meta: stripped(event.meta) }
  })
}

/** Longest values first lose most: 2048 bytes are kept of each, then 1024, … then nothing. */
function stripped(meta: readonly MetaItem[]): readonly MetaItem[] {
  for (let keep = 2048; keep >= 1; keep /= 2) {
    const shorter = meta.map(({ key, value }) => {
      return value.length > 2 * keep
        ? { key, value: `${value.slice(0, keep)}<stripped>` }
        : { key, value }
    })
    if (sizeOf(shorter) <= maxEventBytes) return shorter
  }
  return []
}

function sizeOf(meta: readonly MetaItem[]): number {
  return Buffer.byteLength(JSON.stringify(meta))
}

/** Cuts keys and values of an alert's context to what is kept of them. */
export function fitMeta(meta: readonly MetaItem[]): MetaItem[] {
  return meta.map(({ key, value }) => ({
    key: cut(key, maxMetaKeyBytes),
    value: cut(value, maxMetaValueBytes),
  }))
}

function cut(text: string, maxBytes: number): string {
  if (text.length * 3 <= maxBytes || Buffer.byteLength(text) <= maxBytes) return text
  // Replacement marks stand where a character was cut in two.
  return Buffer.from(text)
    .subarray(0, maxBytes)
    .toString('utf8')
    .replace(/\uFFFD+$/, '')
}
