import { BlockLines } from '@tocsin/acquisition'
import { Match, planTransfer, readWholeEvent, TransferredEvent } from '@tocsin/bucket'
import { type Clock, type Event, Instant, Line, type TimeMode } from '@tocsin/model'
import type { ParserNode } from '@tocsin/parser'
import type { Detection } from '../detection.ts'
import type { Engine, LineSource } from '../engine.ts'
import { type BlockResult, code, noText } from './block-result.ts'

/** A block as it was given to a worker. */
export interface PourableBlock {
  readonly bytes: Buffer
  readonly source: LineSource
  readonly readAt: Instant
  /** What the worker took dates without a year for. */
  readonly year: number
}

/**
 * The half of the engine that holds the state: it pours what workers made of blocks, line by line
 * and in their order, so that buckets see what they would see without workers.
 * Hot path: once per line that pours.
 */
export class BlockPourer {
  /** Lines that no worker could parse, as they asked for what only this thread knows. */
  handedBackCount = 0
  readonly #engine: Engine
  readonly #detection: Detection
  readonly #clock: Clock
  readonly #mode: TimeMode
  readonly #nodes: readonly ParserNode[]
  readonly #needsWhole: readonly boolean[]

  constructor(engine: Engine, detection: Detection, clock: Clock, mode: TimeMode) {
    this.#engine = engine
    this.#detection = detection
    this.#clock = clock
    this.#mode = mode
    const { parsers, scenarios, contexts } = detection.rules
    this.#nodes = parsers.nodes
    this.#needsWhole = planTransfer(scenarios, contexts.rules, 0).needsWhole
  }

  /** The year that dates without one are of, now. */
  get year(): number {
    return yearOf(this.#clock.nowMs())
  }

  /** How many lines were cut. */
  pour(block: PourableBlock, result: BlockResult): number {
    this.#engine.packer?.adoptShapes(result.shapes)
    const latestMs = Math.max(this.#clock.nowMs(), result.latestMs)
    // Time went on to another year since the worker was told, or does so within the block.
    if (result.usesYear && (this.year !== block.year || yearOf(latestMs) !== block.year)) {
      return this.parse(block, 0)
    }
    const end = this.#pourLines(block, result)
    this.#engine.addScenarioFailures(result.scenarioFailures)
    for (const failure of result.ruleFailures) this.#detection.failures.add(failure)
    this.#addTaken(result.taken)
    if (end !== undefined) this.parse(block, end)
    return result.truncatedCount
  }

  /**
   * Parses a block, from a byte on, as if there were no workers. How many lines were cut.
   * @param onFailure Told which bytes a line stands in that could not be parsed; without it that
   * ends the run.
   */
  parse(
    { bytes, source, readAt }: PourableBlock,
    from: number,
    onFailure?: (start: number, end: number, reason: string) => void,
  ): number {
    const lines = new BlockLines(from === 0 ? bytes : bytes.subarray(from))
    for (let raw = lines.next(); raw !== undefined; raw = lines.next()) {
      try {
        this.#engine.processLine(raw, source, readAt)
      } catch (error) {
        if (!onFailure) throw error
        const reason = error instanceof Error ? error.message : String(error)
        onFailure(from + lines.start, from + lines.end, reason)
      }
    }
    return lines.truncatedCount
  }

  /** Where the worker's view ends to be right; undefined when it is right to the end. */
  #pourLines(block: PourableBlock, result: BlockResult): number | undefined {
    const { source, readAt } = block
    const { codes, times, texts } = result
    const engine = this.#engine
    const mode = this.#mode
    const needsWhole = this.#needsWhole
    const { statistics, packer } = engine
    const lines = new BlockLines(block.bytes)
    const noLine = new Line('', source.name, source.module, source.labels, readAt)
    const matches: Match[] = []
    let at = 0
    let timeAt = 0
    const nextInstant = () => {
      timeAt += 3
      return instantAt(times, timeAt - 3)
    }
    while (at < codes.length) {
      const kind = codes[at] as number
      if (kind === code.wanted) {
        const start = codes[at + 1] as number
        const end = codes[at + 2] as number
        const count = codes[at + 3] as number
        const marshaledTime = texts[codes[at + 4] as number] as string
        const packedText = textAt(texts, codes[at + 5] as number)
        const wholeText = textAt(texts, codes[at + 6] as number)
        const time = instantAt(times, timeAt + 1)
        const packed =
          packedText === undefined || packer === undefined
            ? undefined
            : new TransferredEvent(mode, noLine, time, marshaledTime, packedText, packer)
        let whole: Event | undefined
        if (wholeText !== undefined) {
          const raw = lines.textOf(start, end)
          const line = new Line(raw, source.name, source.module, source.labels, readAt)
          whole = readWholeEvent(wholeText, mode, line, time, marshaledTime)
        }
        const latestMs = times[timeAt] as number
        if (latestMs !== Number.NEGATIVE_INFINITY) engine.observe(latestMs)
        at += 7
        timeAt += 4
        matches.length = 0
        for (let i = 0; i < count; i++, at += 4) {
          const scenario = codes[at] as number
          const event = needsWhole[scenario] ? whole : (packed ?? whole)
          if (!event) throw new Error('a match came without its event')
          matches.push(
            new Match(
              scenario,
              texts[codes[at + 1] as number] as string,
              textAt(texts, codes[at + 2] as number),
              codes[at + 3] === 1,
              event,
            ),
          )
        }
        engine.pour(matches)
      } else if (kind === code.unparsed) {
        statistics.lines++
        statistics.unparsed++
        if (statistics.unparsedLines.count()) {
          statistics.unparsedLines.look(
            lines.textOf(codes[at + 1] as number, codes[at + 2] as number),
          )
        }
        at += 3
      } else if (kind === code.counts) {
        const hasTimes = codes[at + 5] === 1
        const firstAt = hasTimes ? nextInstant() : undefined
        const lastAt = hasTimes ? nextInstant() : undefined
        statistics.add({
          lines: codes[at + 1] as number,
          parsed: codes[at + 2] as number,
          whitelisted: codes[at + 3] as number,
          undated: codes[at + 4] as number,
          firstAt,
          lastAt,
        })
        if (lastAt) engine.observe(lastAt.epochMs)
        at += 6
      } else {
        const end = codes[at + 2] as number
        this.handedBackCount++
        engine.processLine(lines.textOf(codes[at + 1] as number, end), source, readAt)
        at += 3
        if (result.usesYear && this.year !== block.year) return end
      }
    }
    return undefined
  }

  #addTaken(taken: Int32Array): void {
    for (let i = 0; i < taken.length; i++) {
      const node = this.#nodes[i]
      if (node) node.takenCount += taken[i] as number
    }
  }
}

function textAt(texts: readonly string[], index: number): string | undefined {
  return index === noText ? undefined : texts[index]
}

function instantAt(times: Float64Array, at: number): Instant {
  return new Instant(times[at] as number, times[at + 1] as number, times[at + 2] as number)
}

function yearOf(epochMs: number): number {
  return new Date(epochMs).getUTCFullYear()
}
