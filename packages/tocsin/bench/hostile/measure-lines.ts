import { defaultMaxLineBytes } from '@tocsin/acquisition'
import type { Detection } from '@tocsin/engine'
import { createTextDict, timeMode } from '@tocsin/model'
import type { HostileLine } from './hostile-lines.ts'

/** A line that took long. */
export interface SlowLine extends HostileLine {
  readonly ms: number
}

/** Slower ones are measured again: garbage collection and other programs are not their fault. */
const surelyFastMs = 4
const mostTries = 5
/** And the slowest often, as they decide. */
const doubtfulMs = 10
const mostDoubtfulTries = 20

/** Whether a time needs another try. */
export function isWorthAnotherTry(ms: number, tries: number): boolean {
  return ms > surelyFastMs && tries < (ms > doubtfulMs ? mostDoubtfulTries : mostTries)
}

/** Sends lines through all of an engine and times each. */
export class LineMeter {
  count = 0
  /** The slowest lines, slowest first; of equal rules and types one. */
  slowest: SlowLine[] = []
  readonly #run: (line: HostileLine) => void
  readonly #keep: number

  constructor(detection: Detection, keep = 25) {
    this.#keep = keep
    const engine = detection.createEngine({ mode: timeMode.replay, onAlert() {} })
    const readAt = engine.now()
    const sources = new Map<string, Parameters<typeof engine.processLine>[1]>()
    this.#run = ({ type, raw }) => {
      let source = sources.get(type)
      if (!source) {
        const labels = Object.assign(createTextDict(), { type })
        source = { name: 'hostile.log', module: 'file', labels }
        sources.set(type, source)
      }
      engine.processLine(raw, source, readAt)
    }
  }

  /** Measures a line and gives its time. */
  measure(line: HostileLine): number {
    let ms = Number.POSITIVE_INFINITY
    for (let tries = 0; isWorthAnotherTry(ms, tries); tries++) {
      const fresh = { ...line, raw: vary(line.raw, tries) }
      const startedMs = performance.now()
      this.#run(fresh)
      ms = Math.min(ms, performance.now() - startedMs)
    }
    this.count++
    this.#note({ ...line, ms })
    return ms
  }

  #note(line: SlowLine): void {
    const last = this.slowest.at(-1)
    if (this.slowest.length >= this.#keep && last && last.ms >= line.ms) return
    const same = this.slowest.findIndex(
      ({ rule, type }) => rule === line.rule && type === line.type,
    )
    if (same >= 0 && (this.slowest[same] as SlowLine).ms >= line.ms) return
    if (same >= 0) this.slowest.splice(same, 1)
    this.slowest.push(line)
    this.slowest.sort((a, b) => b.ms - a.ms)
    this.slowest.length = Math.min(this.slowest.length, this.#keep)
  }
}

/**
 * The text as a source would give it: decoded from bytes, cut at the limit. Each try differs near
 * the end, so that nothing that was remembered of the one before helps.
 */
function vary(text: string, tries: number): string {
  const bytes = Buffer.from(text.replaceAll('\n', ' '))
  const length = Math.min(bytes.length, defaultMaxLineBytes)
  const at = length - 300 - tries
  if (tries > 0 && at > 0) bytes[at] = 0x61 + tries
  return bytes.toString('utf8', 0, length)
}
