import { type AppsecFindings, noAppsecFindings } from './appsec.ts'
import { createDataDict, createTextDict, type DataDict, type TextDict } from './dict.ts'
import { Instant } from './instant.ts'
import { Line } from './line.ts'
import type { Overflow } from './overflow.ts'

/** What an event is about; the numbers are those rules compare `evt.Type` with. */
export const eventKind = { log: 0, overflow: 1, appsec: 2 } as const
export type EventKind = (typeof eventKind)[keyof typeof eventKind]

/** Whose time counts: the wall's or the line's; the numbers are those of `evt.ExpectMode`. */
export const timeMode = { live: 0, replay: 1 } as const
export type TimeMode = (typeof timeMode)[keyof typeof timeMode]

/** No line: what an overflow event carries. */
const noLine = new Line('', '', '', createTextDict(), new Instant(0))

/**
 * What a line becomes on its way through the parser stages, and what scenarios see as `evt`.
 * Hot path: one is made per line; every field is set here, in one order.
 */
export class Event {
  readonly kind: EventKind
  readonly mode: TimeMode
  line: Line
  /** The stage it has reached: `s01-parse`; empty before the first. */
  stage = ''
  /** False once the stages gave it up: nobody parsed it. */
  isProcessed = true
  isWhitelisted = false
  whitelistReason = ''
  parsed: TextDict = createTextDict()
  meta: TextDict = createTextDict()
  enriched: TextDict = createTextDict()
  unmarshaled: DataDict = createDataDict()
  /** When it happened: in replay the line's own time once parsed, live the time it was read. */
  time: Instant
  /** The raw text of its time, and optionally its layout, both set by parsers. */
  strTime = ''
  strTimeFormat = ''
  /** RFC 3339 text of the parsed time; empty when no parser found one. */
  marshaledTime = ''
  overflow: Overflow | undefined = undefined
  appsec: AppsecFindings = noAppsecFindings

  constructor(kind: EventKind, mode: TimeMode, line: Line, time: Instant) {
    this.kind = kind
    this.mode = mode
    this.line = line
    this.time = time
  }

  static ofLine(line: Line, mode: TimeMode): Event {
    return new Event(eventKind.log, mode, line, line.readAt)
  }

  static ofOverflow(overflow: Overflow, time: Instant): Event {
    const event = new Event(eventKind.overflow, timeMode.live, noLine, time)
    event.overflow = overflow
    event.marshaledTime = time.toString()
    return event
  }
}
