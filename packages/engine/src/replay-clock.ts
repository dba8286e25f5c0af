import type { Clock, Instant } from '@tocsin/model'

/**
 * The clock of a replay: the latest time any line has told of, so that whatever asks for the
 * present (undated lines, caches, buckets of overflows) gets the same answer in every run.
 */
export class ReplayClock implements Clock {
  #nowMs: number | undefined
  readonly #startMs: number

  /** @param startMs The present until a line has told a time. */
  constructor(startMs: number) {
    this.#startMs = startMs
  }

  nowMs(): number {
    return this.#nowMs ?? this.#startMs
  }

  /** Notes the time of a line; time never goes back. Hot path. */
  observe(time: Instant): void {
    this.observeMs(time.epochMs)
  }

  /** As `observe`, in milliseconds since 1970. */
  observeMs(epochMs: number): void {
    if (this.#nowMs === undefined || epochMs > this.#nowMs) this.#nowMs = epochMs
  }
}
