import {
  copyTextDict,
  createDataDict,
  type Event,
  eventKind,
  type Instant,
  type Line,
  noAppsecFindings,
  type TextDict,
  type TimeMode,
} from '@tocsin/model'
import type { EventPacker, PackedEvent } from './event-packer.ts'

/** What rules may see of an event beside its line and its time, as JSON in two parts. */
export interface WholeEvent {
  /** `evt.Meta`, which is asked for the most. */
  readonly meta: string
  readonly rest: string
}

interface Rest {
  readonly parsed: TextDict
  readonly enriched: TextDict
  readonly stage: string
  readonly strTime: string
  readonly strTimeFormat: string
}

/** Writes down an event for `TransferredEvent`; undefined when it holds data that JSON would change. */
export function writeWholeEvent(event: Event): WholeEvent | undefined {
  for (const _key in event.unmarshaled) return undefined
  const { parsed, enriched, stage, strTime, strTimeFormat } = event
  const rest: Rest = { parsed, enriched, stage, strTime, strTimeFormat }
  return { meta: JSON.stringify(event.meta), rest: JSON.stringify(rest) }
}

/**
 * A log event that was parsed and routed in another thread. Most buckets keep but its packed form;
 * what a rule looks at is unpacked when it looks.
 * Hot path: one for every event that pours and was routed elsewhere.
 */
export class TransferredEvent implements Event {
  readonly kind = eventKind.log
  readonly mode: TimeMode
  line: Line
  isProcessed = true
  isWhitelisted = false
  whitelistReason = ''
  unmarshaled = createDataDict()
  time: Instant
  marshaledTime: string
  overflow = undefined
  appsec = noAppsecFindings
  /** What a bucket keeps of it; undefined when it has to be kept whole. */
  readonly packed: PackedEvent | undefined
  readonly #whole: WholeEvent | undefined
  readonly #packer: EventPacker | undefined
  #meta: TextDict | undefined = undefined
  #rest: Rest | undefined = undefined

  constructor(
    mode: TimeMode,
    line: Line,
    time: Instant,
    marshaledTime: string,
    packed: PackedEvent | undefined,
    whole: WholeEvent | undefined,
    packer: EventPacker | undefined,
  ) {
    this.mode = mode
    this.line = line
    this.time = time
    this.marshaledTime = marshaledTime
    this.packed = packed
    this.#whole = whole
    this.#packer = packer
  }

  get meta(): TextDict {
    this.#meta ??= this.#whole
      ? copyTextDict(JSON.parse(this.#whole.meta) as TextDict)
      : this.#unpack().meta
    return this.#meta
  }

  get parsed(): TextDict {
    return this.#others().parsed
  }

  get enriched(): TextDict {
    return this.#others().enriched
  }

  get stage(): string {
    return this.#others().stage
  }

  get strTime(): string {
    return this.#others().strTime
  }

  get strTimeFormat(): string {
    return this.#others().strTimeFormat
  }

  #others(): Rest {
    this.#rest ??= this.#whole ? readRest(this.#whole.rest) : this.#unpack()
    return this.#rest
  }

  #unpack(): Event {
    const { packed } = this
    if (packed === undefined || !this.#packer) throw new Error('an event came without its contents')
    const event = this.#packer.unpack(packed, this.mode)
    this.#meta = event.meta
    this.#rest = event
    return event
  }
}

function readRest(text: string): Rest {
  const rest = JSON.parse(text) as Rest
  return { ...rest, parsed: copyTextDict(rest.parsed), enriched: copyTextDict(rest.enriched) }
}
