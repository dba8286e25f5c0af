import {
  createTextDict,
  Event,
  eventKind,
  Instant,
  Line,
  type TextDict,
  type TimeMode,
} from '@tocsin/model'
import type { EventNeeds } from './event-needs.ts'

/** An event reduced to one text: `[0,"2026-02-12T14:10:21Z","ssh_failed-auth","192.0.2.7"]`. */
export type PackedEvent = string

/** The names of the values of a packed event; events of one kind share one. */
export interface EventShape {
  readonly index: number
  readonly meta: readonly string[]
  readonly parsed: readonly string[]
  readonly enriched: readonly string[]
}

/** What sources are made of, beside Meta. */
const sourceKeys = ['ASNumber', 'ASNNumber', 'ASNOrg', 'IsoCode', 'Latitude', 'Longitude'] as const

/** Past this many shapes, whose number a log could drive up, events are kept whole. */
const mostShapes = 10_000

const noTime = new Instant(0)

/** So many packers, one a thread, can number their shapes apart. */
export const mostPackers = 256

/**
 * Packs what an alert will say about an event into one flat text. A bucket that waits costs little
 * then, and holds neither the line nor the block of the source that its values are slices of.
 * Hot path: once per event that pours, see bench/pour.bench.ts.
 */
export class EventPacker {
  readonly #parsedKeys: readonly string[]
  readonly #enrichedKeys: readonly string[]
  readonly #number: number
  readonly #shapes = new Map<number, EventShape>()
  /** Shapes that nobody was told of yet. */
  #newShapes: EventShape[] = []
  readonly #byNames = new Map<string, EventShape>()
  readonly #noLine: Line
  #last: EventShape = { index: -1, meta: [], parsed: [], enriched: [] }

  /** @param number Below `mostPackers`; 0 is for the thread that keeps the events. */
  constructor(needs: EventNeeds, number = 0) {
    this.#number = number
    this.#parsedKeys = [...needs.parsed]
    this.#enrichedKeys = [...new Set([...sourceKeys, ...needs.enriched])]
    this.#noLine = new Line('', '', '', createTextDict(), noTime)
  }

  /** Undefined when the event cannot be packed: it is no log event, or there are too many shapes. */
  pack(event: Event): PackedEvent | undefined {
    if (event.kind !== eventKind.log) return undefined
    const values: (string | number)[] = [0, event.marshaledTime || event.time.toString()]
    const last = this.#last
    const { meta } = event
    let isSame = last.index >= 0
    let at = 0
    for (const key in meta) {
      const value = meta[key]
      if (value === undefined) continue
      if (last.meta[at] !== key) isSame = false
      at++
      values.push(value)
    }
    isSame = isSame && at === last.meta.length
    const parsedCount =
      this.#parsedKeys.length === 0 ? 0 : pick(event.parsed, this.#parsedKeys, values)
    const enrichedCount = pick(event.enriched, this.#enrichedKeys, values)
    // Which of the picked keys were there is part of the shape, and told by its absent keys.
    if (
      !isSame ||
      !hasKeys(event.parsed, last.parsed, parsedCount) ||
      !hasKeys(event.enriched, last.enriched, enrichedCount)
    ) {
      const shape = this.#shapeOf(event)
      if (!shape) return undefined
      this.#last = shape
    }
    values[0] = this.#last.index
    return JSON.stringify(values)
  }

  /** The event again, as far as it was needed; its line and times are gone. */
  unpack(packed: PackedEvent, mode: TimeMode): Event {
    const values = JSON.parse(packed) as [number, string, ...string[]]
    const shape = this.#shapes.get(values[0])
    if (!shape) throw new Error('packed by another packer')
    const event = new Event(eventKind.log, mode, this.#noLine, noTime)
    event.marshaledTime = values[1]
    let at = 2
    for (const key of shape.meta) event.meta[key] = values[at++] as string
    for (const key of shape.parsed) event.parsed[key] = values[at++] as string
    for (const key of shape.enriched) event.enriched[key] = values[at++] as string
    return event
  }

  #shapeOf(event: Event): EventShape | undefined {
    const meta = Object.keys(event.meta).filter((key) => event.meta[key] !== undefined)
    const parsed = this.#parsedKeys.filter((key) => event.parsed[key] !== undefined)
    const enriched = this.#enrichedKeys.filter((key) => event.enriched[key] !== undefined)
    const names = JSON.stringify([meta, parsed, enriched])
    const known = this.#byNames.get(names)
    if (known) return known
    const count = this.#byNames.size
    if (count >= mostShapes) return undefined
    const shape = { index: this.#number + count * mostPackers, meta, parsed, enriched }
    this.#shapes.set(shape.index, shape)
    this.#newShapes.push(shape)
    this.#byNames.set(names, shape)
    return shape
  }

  /** The shapes made since the last call, for whoever unpacks elsewhere. */
  takeNewShapes(): readonly EventShape[] {
    const shapes = this.#newShapes
    if (shapes.length > 0) this.#newShapes = []
    return shapes
  }

  /** Learns shapes of a packer with the same needs and other numbers. */
  adoptShapes(shapes: readonly EventShape[]): void {
    for (const shape of shapes) this.#shapes.set(shape.index, shape)
  }
}

/** Appends the values that are there, and counts them. */
function pick(from: TextDict, keys: readonly string[], values: (string | number)[]): number {
  let count = 0
  for (let i = 0; i < keys.length; i++) {
    const value = from[keys[i] as string]
    if (value === undefined) continue
    values.push(value)
    count++
  }
  return count
}

/** Whether the keys that were picked are exactly these. */
function hasKeys(from: TextDict, keys: readonly string[], count: number): boolean {
  if (keys.length !== count) return false
  for (let i = 0; i < count; i++) if (from[keys[i] as string] === undefined) return false
  return true
}
