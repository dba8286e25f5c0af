import type { Match, WholeEvent } from '@tocsin/bucket'
import type { Event, Instant } from '@tocsin/model'
import { type BlockResult, code, noText } from './block-result.ts'

/** Writes down what a block came to. Hot path: once per line. */
export class BlockWriter {
  #codes = new Int32Array(1 << 14)
  #codeCount = 0
  #times = new Float64Array(1 << 12)
  #timeCount = 0
  #texts: string[] = []
  /** Lines of one second stand together. */
  #lastTime: string | undefined = undefined
  #lastTimeIndex = noText
  #latestMs = Number.NEGATIVE_INFINITY
  #lines = 0
  #parsed = 0
  #whitelisted = 0
  #undated = 0
  #first: Instant | undefined = undefined
  #last: Instant | undefined = undefined

  unparsed(start: number, end: number): void {
    this.#reserve(3)
    this.#put(code.unparsed)
    this.#put(start)
    this.#put(end)
  }

  handedBack(start: number, end: number): void {
    // What the engine counts there comes after what was counted so far.
    this.#flushCounts()
    this.#reserve(3)
    this.#put(code.handedBack)
    this.#put(start)
    this.#put(end)
  }

  /** Counts a line that was parsed. */
  parsed(event: Event): void {
    this.#lines++
    this.#parsed++
    if (event.marshaledTime === '') {
      this.#undated++
      return
    }
    const { time } = event
    if (this.#first === undefined || time.isBefore(this.#first)) this.#first = time
    if (this.#last === undefined || this.#last.isBefore(time)) this.#last = time
    if (time.epochMs > this.#latestMs) this.#latestMs = time.epochMs
  }

  whitelisted(): void {
    this.#whitelisted++
  }

  wanted(
    start: number,
    end: number,
    event: Event,
    matches: readonly Match[],
    packed: string | undefined,
    whole: WholeEvent | undefined,
  ): void {
    this.#reserve(7 + 4 * matches.length)
    this.#put(code.wanted)
    this.#put(start)
    this.#put(end)
    this.#put(matches.length)
    this.#put(this.#timeIndex(event.marshaledTime))
    this.#put(packed === undefined ? noText : this.#texts.push(packed) - 1)
    this.#put(whole === undefined ? noText : this.#texts.push(whole) - 1)
    // Most scenarios group by the same value, so it is sent once.
    let key: string | undefined
    let keyIndex = noText
    for (let i = 0; i < matches.length; i++) {
      const match = matches[i] as Match
      if (match.key !== key) {
        key = match.key
        keyIndex = this.#texts.push(key) - 1
      }
      this.#put(match.scenario)
      this.#put(keyIndex)
      this.#put(match.distinct === undefined ? noText : this.#texts.push(match.distinct) - 1)
      this.#put(match.cancels ? 1 : 0)
    }
    this.#putTime(this.#latestMs)
    this.#putInstant(event.time)
  }

  /** What was written since the last call, and begins anew. */
  take(): Pick<BlockResult, 'codes' | 'times' | 'texts' | 'latestMs'> {
    this.#flushCounts()
    const taken = {
      codes: this.#codes.slice(0, this.#codeCount),
      times: this.#times.slice(0, this.#timeCount),
      texts: this.#texts,
      latestMs: this.#latestMs,
    }
    this.#codeCount = 0
    this.#timeCount = 0
    this.#texts = []
    this.#lastTime = undefined
    this.#latestMs = Number.NEGATIVE_INFINITY
    return taken
  }

  #flushCounts(): void {
    const first = this.#first
    const last = this.#last
    this.#reserve(6)
    this.#put(code.counts)
    this.#put(this.#lines)
    this.#put(this.#parsed)
    this.#put(this.#whitelisted)
    this.#put(this.#undated)
    this.#put(first && last ? 1 : 0)
    if (first && last) {
      this.#putInstant(first)
      this.#putInstant(last)
    }
    this.#lines = 0
    this.#parsed = 0
    this.#whitelisted = 0
    this.#undated = 0
    this.#first = undefined
    this.#last = undefined
  }

  #timeIndex(text: string): number {
    if (text !== this.#lastTime) {
      this.#lastTime = text
      this.#lastTimeIndex = this.#texts.push(text) - 1
    }
    return this.#lastTimeIndex
  }

  #reserve(count: number): void {
    if (this.#codeCount + count <= this.#codes.length) return
    const larger = new Int32Array(2 * this.#codes.length + count)
    larger.set(this.#codes)
    this.#codes = larger
  }

  #put(value: number): void {
    this.#codes[this.#codeCount++] = value
  }

  #putInstant({ epochMs, nanos, offsetMinutes }: Instant): void {
    this.#putTime(epochMs)
    this.#putTime(nanos)
    this.#putTime(offsetMinutes)
  }

  #putTime(value: number): void {
    if (this.#timeCount === this.#times.length) {
      const larger = new Float64Array(2 * this.#times.length)
      larger.set(this.#times)
      this.#times = larger
    }
    this.#times[this.#timeCount++] = value
  }
}
