import type { Clock } from '@tocsin/model'
import { StreamHealth, type Trouble } from './stream-health.ts'
import { type Verdict, verdicts } from './verdict.ts'

/** A source is now something else than before. */
export interface VerdictChange {
  readonly source: string
  readonly before: Verdict
  readonly now: Verdict
  /** The stream that decided it: a path, a client. The source itself when it has no stream yet. */
  readonly stream: string
  /** What went wrong, in words; undefined when nothing did. */
  readonly reason: string | undefined
}

export interface HealthOptions {
  readonly clock: Clock
  /** Told once per change of the verdict of the source. */
  readonly onChange?: (change: VerdictChange) => void
  /** Silence longer than this is `idle`; 10 minutes when absent. */
  readonly idleAfterMs?: number
}

const defaultIdleAfterMs = 600_000
/** Clients of a socket come and go, and may be invented: the first to come is forgotten first. */
const mostStreams = 10_000

/**
 * What can be said of a source, from what its streams were told. The verdict of a source is the
 * worst trouble of a stream; without any, the best a stream can show: a glob or a list of paths is
 * only `missing` when all of it is.
 */
export class SourceHealth {
  readonly source: string
  readonly #options: HealthOptions
  readonly #streams = new Map<string, StreamHealth>()
  #verdict: Verdict = 'starting'
  /** Trouble of the source as a whole: a program that is not installed. */
  #trouble: Trouble | undefined

  constructor(source: string, options: HealthOptions) {
    this.source = source
    this.#options = options
  }

  /** The stream of that name, made when it is new. */
  stream(name: string): StreamHealth {
    const known = this.#streams.get(name)
    if (known) return known
    if (this.#streams.size >= mostStreams) {
      for (const oldest of this.#streams.keys()) {
        this.#streams.delete(oldest)
        break
      }
    }
    const { clock, idleAfterMs = defaultIdleAfterMs } = this.#options
    const stream = new StreamHealth(name, clock.nowMs(), idleAfterMs)
    this.#streams.set(name, stream)
    return stream
  }

  get streams(): readonly StreamHealth[] {
    return [...this.#streams.values()]
  }

  /** A stream that is no longer read: it was rotated away, its client has gone. */
  forget(name: string): void {
    this.#streams.delete(name)
  }

  count(name: string, lines: number, parsed: number, bytes: number): void {
    const stream = this.stream(name)
    const nowMs = this.#options.clock.nowMs()
    const before = stream.verdict(nowMs)
    stream.count(lines, parsed, nowMs)
    stream.byteCount += bytes
    // All streams are looked at only when this one may matter: there may be thousands.
    if (!this.#trouble && !this.#matters(before, stream.verdict(nowMs))) return
    this.#trouble = undefined
    this.refresh()
  }

  fail(name: string, trouble: Trouble): void {
    this.stream(name).fail(trouble)
    this.refresh()
  }

  recover(name: string): void {
    const stream = this.stream(name)
    if (!stream.trouble) return
    stream.recover()
    this.refresh()
  }

  failAll(trouble: Trouble | undefined): void {
    this.#trouble = trouble
    this.refresh()
  }

  /** Looks at the time, too; call it every second or so: silence tells nobody by itself. */
  refresh(): Verdict {
    const { deciding, verdict } = this.#judge()
    if (verdict !== this.#verdict) {
      const before = this.#verdict
      this.#verdict = verdict
      this.#options.onChange?.({
        ...{ source: this.source, before, now: verdict },
        stream: deciding?.name ?? this.source,
        reason: (this.#trouble ?? deciding?.trouble)?.message,
      })
    }
    return verdict
  }

  get verdict(): Verdict {
    return this.refresh()
  }

  /** Whether a stream that was `before` and is `now` may change the verdict of the source. */
  #matters(before: Verdict, now: Verdict): boolean {
    const rank = verdicts.indexOf(this.#verdict)
    if (before === now) return false
    return verdicts.indexOf(before) <= rank || verdicts.indexOf(now) < rank
  }

  #judge(): { verdict: Verdict; deciding: StreamHealth | undefined } {
    if (this.#trouble) return { verdict: this.#trouble.kind, deciding: undefined }
    const nowMs = this.#options.clock.nowMs()
    let rank: number = verdicts.length
    let deciding: StreamHealth | undefined
    for (const stream of this.#streams.values()) {
      const streamRank = verdicts.indexOf(stream.verdict(nowMs))
      if (streamRank >= rank) continue
      rank = streamRank
      deciding = stream
    }
    return { verdict: verdicts[rank] ?? 'starting', deciding }
  }
}
