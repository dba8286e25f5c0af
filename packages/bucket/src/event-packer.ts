import {
  createTextDict,
  detached,
  Event,
  eventKind,
  Instant,
  Line,
  type TextDict,
  type TimeMode,
} from '@tocsin/model'
import type { EventNeeds } from './event-needs.ts'

/** An event reduced to one text: `[0,"2026-02-12T14:10:21Z",0,0,"192.0.2.7"]`. */
export type PackedEvent = string

/** The names of the values of a packed event; events of one kind share one. */
export interface EventShape {
  readonly index: number
  readonly meta: readonly string[]
  readonly parsed: readonly string[]
  readonly enriched: readonly string[]
  /**
   * The values that the first event of the shape had, in the order of the names. Many of them are
   * those of the others too (a service, a machine, a file), which then only say so by a zero.
   */
  readonly usual: readonly string[]
}

/** What sources are made of, beside Meta. */
const sourceKeys = ['ASNumber', 'ASNNumber', 'ASNOrg', 'IsoCode', 'Latitude', 'Longitude'] as const

/** Past this many shapes, whose number a log could drive up, events are kept whole. */
const mostShapes = 10_000

/** How many of the shapes seen last are tried before one is looked for by its names. */
const recentShapes = 6
/** Up to this length a value may be a usual one. */
const longestUsual = 64

/** Functions that fill events are kept for so many shapes: logs cannot drive up their number. */
const mostFillers = 256

type PackedValues = [shape: number, time: string, ...values: (string | 0)[]]
type Filler = (event: Event, values: PackedValues) => void

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
  readonly #fillers = new Map<number, Filler>()
  readonly #noLine: Line
  /** The last seen first. */
  readonly #recent: EventShape[] = []

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
    const recent = this.#recent
    for (let i = 0; i < recent.length; i++) {
      const shape = recent[i] as EventShape
      const values = this.#valuesOf(event, shape)
      if (values === undefined) continue
      if (i > 0) this.#moveUp(i)
      return JSON.stringify(values)
    }
    const shape = this.#shapeOf(event)
    if (!shape) return undefined
    recent.unshift(shape)
    if (recent.length > recentShapes) recent.pop()
    return JSON.stringify(this.#valuesOf(event, shape))
  }

  /** The event again, as far as it was needed; its line and times are gone. */
  unpack(packed: PackedEvent, mode: TimeMode): Event {
    const values = JSON.parse(packed) as PackedValues
    const shape = this.#shapes.get(values[0])
    if (!shape) throw new Error('packed by another packer')
    let fill = this.#fillers.get(shape.index)
    if (!fill) {
      fill = compileFiller(shape)
      if (this.#fillers.size < mostFillers) this.#fillers.set(shape.index, fill)
    }
    const event = new Event(eventKind.log, mode, this.#noLine, noTime)
    event.marshaledTime = values[1]
    fill(event, values)
    return event
  }

  /** What is packed of an event of that shape; undefined when it is of another. */
  #valuesOf(event: Event, shape: EventShape): (string | number)[] | undefined {
    const { meta } = event
    const { usual } = shape
    const values: (string | number)[] = [shape.index, event.marshaledTime || event.time.toString()]
    let at = 0
    for (const key in meta) {
      const value = meta[key]
      if (value === undefined) continue
      if (shape.meta[at] !== key) return undefined
      values.push(value === usual[at] ? 0 : value)
      at++
    }
    if (at !== shape.meta.length) return undefined
    if (!pick(event.parsed, this.#parsedKeys, shape.parsed, usual, values)) return undefined
    if (!pick(event.enriched, this.#enrichedKeys, shape.enriched, usual, values)) return undefined
    return values
  }

  #moveUp(index: number): void {
    const recent = this.#recent
    const shape = recent[index] as EventShape
    for (let i = index; i > 0; i--) recent[i] = recent[i - 1] as EventShape
    recent[0] = shape
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
    const index = this.#number + count * mostPackers
    const values = [
      ...meta.map((key) => event.meta[key]),
      ...parsed.map((key) => event.parsed[key]),
      ...enriched.map((key) => event.enriched[key]),
    ]
    const usual = values.map((value = '') => (value.length > longestUsual ? '' : detached(value)))
    const shape = { index, meta, parsed, enriched, usual }
    this.#shapes.set(index, shape)
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

/**
 * Gives an event the values of its shape. It is generated, as only names that stand in the code keep
 * dictionaries on shared hidden classes; they enter it as JSON strings only.
 */
function compileFiller({ meta, parsed, enriched, usual }: EventShape): Filler {
  const places = [
    ...meta.map((key) => ['meta', key]),
    ...parsed.map((key) => ['parsed', key]),
    ...enriched.map((key) => ['enriched', key]),
  ]
  const stores = places.map(([dict, key], i) => {
    const value = `values[${i + 2}] === 0 ? usual[${i}] : values[${i + 2}]`
    return `event.${dict}[${JSON.stringify(key)}] = ${value}`
  })
  const body = `"use strict"\nreturn (event, values) => {\n${stores.join('\n')}\n}`
  return new Function('usual', body)(usual) as Filler
}

/** Appends the values of the keys that are there; false when these are not the names expected. */
function pick(
  from: TextDict,
  keys: readonly string[],
  names: readonly string[],
  usual: readonly string[],
  values: (string | number)[],
): boolean {
  let count = 0
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as string
    const value = from[key]
    if (value === undefined) continue
    if (names[count] !== key) return false
    count++
    values.push(value === usual[values.length - 2] ? 0 : value)
  }
  return count === names.length
}
