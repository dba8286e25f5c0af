import {
  createDataDict,
  Event,
  eventKind,
  type Instant,
  type Line,
  noAppsecFindings,
  type TextDict,
  type TimeMode,
} from '@tocsin/model'
import type { EventPacker, PackedEvent } from './event-packer.ts'

/** What rules may see of an event beside its line and its time, as JSON. */
export type WholeEvent = string

type Whole = readonly [
  meta: TextDict,
  parsed: TextDict,
  enriched: TextDict,
  stage: string,
  strTime: string,
  strTimeFormat: string,
]

/** Writes down all of an event; undefined when it holds data that JSON would change. */
export function writeWholeEvent(event: Event): WholeEvent | undefined {
  for (const _key in event.unmarshaled) return undefined
  const { meta, parsed, enriched, stage, strTime, strTimeFormat } = event
  const whole: Whole = [meta, parsed, enriched, stage, strTime, strTimeFormat]
  return JSON.stringify(whole)
}

/** The event that was written down, of the given line and times. */
export function readWholeEvent(
  text: WholeEvent,
  mode: TimeMode,
  line: Line,
  time: Instant,
  marshaledTime: string,
): Event {
  const [meta, parsed, enriched, stage, strTime, strTimeFormat] = JSON.parse(text) as Whole
  const event = new Event(eventKind.log, mode, line, time)
  copyInto(event.meta, meta)
  copyInto(event.parsed, parsed)
  copyInto(event.enriched, enriched)
  event.stage = stage
  event.strTime = strTime
  event.strTimeFormat = strTimeFormat
  event.marshaledTime = marshaledTime
  return event
}

function copyInto(to: TextDict, from: TextDict): void {
  for (const key in from) to[key] = from[key]
}

/** What an event that nobody looks at has in place of its dictionaries. */
interface Contents {
  readonly meta: TextDict
  readonly parsed: TextDict
  readonly enriched: TextDict
}

/**
 * A log event that was parsed and routed in another thread, where only its packed form is needed.
 * What an alert tells at once is unpacked then.
 * Hot path: one for every event that pours and was routed elsewhere.
 */
export class TransferredEvent implements Event {
  readonly kind = eventKind.log
  readonly mode: TimeMode
  line: Line
  stage = ''
  isProcessed = true
  isWhitelisted = false
  whitelistReason = ''
  time: Instant
  strTime = ''
  strTimeFormat = ''
  marshaledTime: string
  overflow = undefined
  appsec = noAppsecFindings
  readonly packed: PackedEvent
  readonly #packer: EventPacker
  #contents: Contents | undefined = undefined

  constructor(
    mode: TimeMode,
    line: Line,
    time: Instant,
    marshaledTime: string,
    packed: PackedEvent,
    packer: EventPacker,
  ) {
    this.mode = mode
    this.line = line
    this.time = time
    this.marshaledTime = marshaledTime
    this.packed = packed
    this.#packer = packer
  }

  get meta(): TextDict {
    return this.#unpacked().meta
  }

  get parsed(): TextDict {
    return this.#unpacked().parsed
  }

  get enriched(): TextDict {
    return this.#unpacked().enriched
  }

  get unmarshaled(): Event['unmarshaled'] {
    return createDataDict()
  }

  #unpacked(): Contents {
    this.#contents ??= this.#packer.unpack(this.packed, this.mode)
    return this.#contents
  }
}
