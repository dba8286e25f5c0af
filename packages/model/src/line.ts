import type { TextDict } from './dict.ts'
import type { Instant } from './instant.ts'

/** One line of a source as it was read. */
export class Line {
  raw: string
  /** File path, journal filter, stream name, peer address… */
  source: string
  /** Which kind of source read it: `file`, `journalctl`, `syslog`, `docker`, … */
  module: string
  /** Labels of the source; `type` chooses the parser. Shared by all lines of a source: copy before changing. */
  labels: TextDict
  /** When it was read. */
  readAt: Instant

  constructor(raw: string, source: string, module: string, labels: TextDict, readAt: Instant) {
    this.raw = raw
    this.source = source
    this.module = module
    this.labels = labels
    this.readAt = readAt
  }
}
