import { formatBytes, formatCount } from './numbers.ts'
import type { Output } from './streams.ts'

const barWidth = 24
const redrawMs = 100

/** One line on a terminal that says how far a long run has come; silent elsewhere. */
export class Progress {
  readonly #stream: Output
  readonly #startedMs: number
  #drawnMs = 0

  constructor(stream: Output, nowMs: number) {
    this.#stream = stream
    this.#startedMs = nowMs
  }

  /** `totalBytes` is undefined when nobody knows how much there is. */
  update(nowMs: number, doneBytes: number, totalBytes: number | undefined, lines: number): void {
    if (!this.#stream.isTTY || nowMs - this.#drawnMs < redrawMs) return
    this.#drawnMs = nowMs
    const rate = lines / Math.max(0.001, (nowMs - this.#startedMs) / 1000)
    const share = totalBytes ? Math.min(1, doneBytes / totalBytes) : undefined
    const bar =
      share === undefined
        ? formatBytes(doneBytes)
        : `${'█'.repeat(Math.round(share * barWidth)).padEnd(barWidth, '░')} ${Math.floor(share * 100)} %`
    this.#stream.write(`\r\x1b[2K${bar}  ${formatCount(lines)} lines  ${formatCount(rate)}/s`)
  }

  clear(): void {
    if (this.#stream.isTTY && this.#drawnMs > 0) this.#stream.write('\r\x1b[2K')
  }
}
