import { BlockLines } from '@tocsin/acquisition'
import {
  type Match,
  planTransfer,
  Router,
  type TransferPlan,
  writeWholeEvent,
} from '@tocsin/bucket'
import { Event, type Instant, Line, type TimeMode } from '@tocsin/model'
import type { ParseObserver, ParserNode, Stages } from '@tocsin/parser'
import type { Detection } from '../detection.ts'
import type { LineSource } from '../engine.ts'
import type { BlockResult } from './block-result.ts'
import { BlockWriter } from './block-writer.ts'
import type { LineFailures } from './line-failures.ts'
import type { LineWatch } from './line-watch.ts'

export interface BlockParserParts {
  readonly detection: Detection
  readonly watch: LineWatch
  readonly failures: LineFailures
  readonly mode: TimeMode
  /** Of each worker its own, 1 or more, below `mostPackers`. */
  readonly number: number
}

/**
 * The half of the engine that holds no state between lines: it splits, decodes, parses and routes.
 * What it makes of a block is the same whoever makes it.
 * Hot path: see bench/workers.bench.ts.
 */
export class BlockParser {
  readonly #parts: BlockParserParts
  readonly #parsers: Stages
  readonly #nodes: readonly ParserNode[]
  readonly #router: Router
  readonly #plan: TransferPlan
  readonly #writer = new BlockWriter()
  readonly #matches: Match[] = []

  constructor(parts: BlockParserParts) {
    const { rules } = parts.detection
    this.#parts = parts
    this.#parsers = rules.parsers
    this.#nodes = rules.parsers.nodes
    this.#router = new Router(rules.scenarios, parts.failures.ofScenarios)
    this.#plan = planTransfer(rules.scenarios, rules.contexts.rules, parts.number)
  }

  parse(bytes: Buffer, source: LineSource, readAt: Instant, year: number): BlockResult {
    const { watch, failures } = this.#parts
    watch.year = year
    watch.hasAskedYear = false
    for (const node of this.#nodes) node.takenCount = 0
    const lines = new BlockLines(bytes)
    for (let raw = lines.next(); raw !== undefined; raw = lines.next()) {
      this.#parseLine(raw, lines, source, readAt)
    }
    return {
      ...this.#writer.take(),
      truncatedCount: lines.truncatedCount,
      usesYear: watch.hasAskedYear,
      taken: Int32Array.from(this.#nodes, (node) => node.takenCount),
      shapes: this.#plan.packer?.takeNewShapes() ?? [],
      ...failures.take(),
    }
  }

  #parseLine(raw: string, lines: BlockLines, source: LineSource, readAt: Instant): void {
    const { watch, failures, mode } = this.#parts
    const writer = this.#writer
    const matches = this.#matches
    matches.length = 0
    watch.hasAsked = false
    const event = Event.ofLine(
      new Line(raw, source.name, source.module, source.labels, readAt),
      mode,
    )
    this.#parsers.parse(event)
    const isRouted = event.isProcessed && !event.isWhitelisted
    if (isRouted) this.#router.route(event, matches)
    const packed = matches.length > 0 ? this.#plan.packer?.pack(event) : undefined
    const isWhole = matches.length > 0 && this.#needsWhole(matches, packed)
    const whole = isWhole ? writeWholeEvent(event) : undefined
    if (watch.hasAsked || (isWhole && whole === undefined)) {
      this.#undo(raw, source, readAt)
      writer.handedBack(lines.start, lines.end)
      return
    }
    failures.keep()
    if (!event.isProcessed) {
      writer.unparsed(lines.start, lines.end)
      return
    }
    writer.parsed(event)
    if (!isRouted) writer.whitelisted()
    else if (matches.length > 0) {
      writer.wanted(lines.start, lines.end, event, matches, packed, whole)
    }
  }

  #needsWhole(matches: readonly Match[], packed: string | undefined): boolean {
    if (packed === undefined) return true
    for (let i = 0; i < matches.length; i++) {
      if (this.#plan.needsWhole[(matches[i] as Match).scenario]) return true
    }
    return false
  }

  /** Takes back what was counted of a line that the engine will parse and count itself. */
  #undo(raw: string, source: LineSource, readAt: Instant): void {
    const { failures, mode } = this.#parts
    const { name, module, labels } = source
    // Nothing of a worker changes between two lines, so the line takes the same way again.
    this.#parsers.parse(Event.ofLine(new Line(raw, name, module, labels, readAt), mode), uncount)
    failures.drop()
  }
}

/** Takes back two ways through the stages: the one before, and the one it follows. */
const uncount: ParseObserver = {
  enterNode() {},
  leaveNode(node, _event, _depth, verdict) {
    if (verdict === 'taken') node.takenCount -= 2
  },
}
