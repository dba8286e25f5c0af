import type { Event, Instant } from '@tocsin/model'
import { UnparsedLines } from './unparsed-lines.ts'

/** What a worker counted of the lines that need no further look. */
export interface LineCounts {
  readonly lines: number
  readonly parsed: number
  readonly whitelisted: number
  readonly undated: number
  readonly firstAt: Instant | undefined
  readonly lastAt: Instant | undefined
}

/** What an engine counted; plain numbers that anyone may read at any time. */
export class Statistics {
  lines = 0
  parsed = 0
  unparsed = 0
  /** Parsed, but a whitelist had them. */
  whitelisted = 0
  /** Parsed without a time of their own. */
  undated = 0
  /** Events that at least one scenario wanted. */
  poured = 0
  overflows = 0
  whitelistedOverflows = 0
  /** Time of the earliest and the latest parsed line, by their own clocks. */
  firstAt: Instant | undefined
  lastAt: Instant | undefined
  readonly unparsedLines = new UnparsedLines()

  /** Hot path: once per parsed line. */
  noteTime(event: Event): void {
    if (event.marshaledTime === '') {
      this.undated++
      return
    }
    const { time } = event
    if (this.firstAt === undefined || time.isBefore(this.firstAt)) this.firstAt = time
    if (this.lastAt === undefined || this.lastAt.isBefore(time)) this.lastAt = time
  }

  /** Adds what was counted of later lines, in another thread. */
  add(more: LineCounts): void {
    this.lines += more.lines
    this.parsed += more.parsed
    this.whitelisted += more.whitelisted
    this.undated += more.undated
    const { firstAt, lastAt } = more
    if (firstAt && (!this.firstAt || firstAt.isBefore(this.firstAt))) this.firstAt = firstAt
    if (lastAt && (!this.lastAt || this.lastAt.isBefore(lastAt))) this.lastAt = lastAt
  }
}
