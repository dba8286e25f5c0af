import type { Verdict } from './verdict.ts'

/** How often a line of a healthy stream may be told to have stopped parsing: one in a million. */
const falseAlarmRate = 1e-6
/** Lines without any parsed one before a stream is said to have no parser. */
const noParserLines = 100
/** Fewest unparsed lines in a row that mean anything, however well a stream parsed before. */
const leastRun = 50
/** Share of the past that one line forgets: the last few thousand lines count. */
const forgetting = 1 / 4096
/** As if so many unparsed lines had come first: a few parsed ones prove little about the rest. */
const caution = 100

export type TroubleKind = 'permission-denied' | 'unreadable' | 'missing'

/** Why a stream cannot be read. */
export interface Trouble {
  readonly kind: TroubleKind
  readonly message: string
}

/**
 * Counts and verdict of one stream: a file, a client, a journal. The verdict is a pure function of
 * what it was told and of the time.
 */
export class StreamHealth {
  readonly name: string
  lineCount = 0
  parsedCount = 0
  byteCount = 0
  /** Lines cut at the longest length. */
  truncatedCount = 0
  /** Times the file was replaced or cut. */
  rotationCount = 0
  /** Times it could not be read; one that lasts counts once. */
  troubleCount = 0
  lastLineMs: number | undefined
  trouble: Trouble | undefined
  readonly #sinceMs: number
  readonly #idleAfterMs: number
  /** Lines and parsed lines before the run of unparsed lines that lasts now, fading with age. */
  #pastLines = 0
  #pastParsed = 0
  #unparsedRun = 0

  constructor(name: string, nowMs: number, idleAfterMs: number) {
    this.name = name
    this.#sinceMs = nowMs
    this.#idleAfterMs = idleAfterMs
  }

  /** Told per batch: how many lines, and how many of them a parser took. */
  count(lines: number, parsed: number, nowMs: number): void {
    if (lines === 0) return
    this.lineCount += lines
    this.parsedCount += parsed
    this.lastLineMs = nowMs
    this.trouble = undefined
    if (parsed === 0) {
      this.#unparsedRun += lines
      return
    }
    // The run ended somewhere in this batch; it belongs to the past of the next run.
    const seen = this.#unparsedRun + lines
    const faded = (1 - forgetting) ** seen
    this.#pastLines = this.#pastLines * faded + seen
    this.#pastParsed = this.#pastParsed * faded + parsed
    this.#unparsedRun = 0
  }

  fail(trouble: Trouble): void {
    if (this.trouble?.kind !== trouble.kind) this.troubleCount++
    this.trouble = trouble
  }

  /** It can be read again, though there may be nothing to read. */
  recover(): void {
    this.trouble = undefined
  }

  verdict(nowMs: number): Verdict {
    if (this.trouble) return this.trouble.kind
    if (this.parsedCount === 0 && this.lineCount >= noParserLines) return 'no-parser'
    if (this.parsedCount > 0 && this.#unparsedRun >= this.#suspiciousRun()) return 'stopped-parsing'
    if (nowMs - (this.lastLineMs ?? this.#sinceMs) >= this.#idleAfterMs) return 'idle'
    return this.lineCount === 0 ? 'starting' : 'healthy'
  }

  /** How many unparsed lines in a row chance would hardly give at the share of before. */
  #suspiciousRun(): number {
    const share = this.#pastParsed / (this.#pastLines + caution)
    return Math.max(leastRun, Math.log(falseAlarmRate) / Math.log(1 - share))
  }
}
