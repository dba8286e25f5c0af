import type { Span } from '@tocsin/diagnostic'
import type { Expression } from '@tocsin/expr'
import type { Event } from '@tocsin/model'
import type { RuleFailure } from './context.ts'
import { type GrokStep, runGrok } from './grok-step.ts'
import type { NodeVerdict, ParseObserver } from './observer.ts'
import { runStash, type Stash } from './stash.ts'
import { messageOf, type Static, type StaticsRunner } from './statics.ts'
import { applyWhitelist, type Whitelist } from './whitelist.ts'

/** What a node is made of, read and compiled. */
export interface NodeParts {
  readonly name: string
  readonly stage: string
  /** Where it stands in its file. */
  readonly span: Span
  readonly filter: Expression | undefined
  readonly movesToNextStage: boolean
  readonly grok: GrokStep | undefined
  readonly stashes: readonly Stash[]
  readonly whitelist: Whitelist | undefined
  readonly statics: readonly Static[]
  readonly runStatics: StaticsRunner | undefined
  readonly children: readonly ParserNode[]
}

/**
 * A node of a parser: filter, whitelist, grok, stash, children, statics, in this order.
 * Hot path: every node that its stage lets near an event is run.
 */
export class ParserNode {
  readonly name: string
  readonly stage: string
  readonly span: Span
  readonly filter: Expression | undefined
  readonly movesToNextStage: boolean
  readonly grok: GrokStep | undefined
  readonly whitelist: Whitelist | undefined
  readonly stashes: readonly Stash[]
  readonly statics: readonly Static[]
  readonly children: readonly ParserNode[]
  /** How many events it took so far. */
  takenCount = 0
  readonly #runStatics: StaticsRunner | undefined
  readonly #onFailure: RuleFailure

  constructor(parts: NodeParts, onFailure: RuleFailure) {
    this.name = parts.name
    this.stage = parts.stage
    this.span = parts.span
    this.filter = parts.filter
    this.movesToNextStage = parts.movesToNextStage
    this.grok = parts.grok
    this.whitelist = parts.whitelist
    this.stashes = parts.stashes
    this.statics = parts.statics
    this.children = parts.children
    this.#runStatics = parts.runStatics
    this.#onFailure = onFailure
  }

  /**
   * Offers the event and tells what became of it.
   * `stageAfter` gives the stage that follows a stage, itself for the last.
   * @throws {StaticTypeError} When a static has no text; the event is lost.
   */
  process(
    event: Event,
    stageAfter: ReadonlyMap<string, string>,
    observer?: ParseObserver,
    depth = 0,
  ): NodeVerdict {
    if (observer === undefined) return this.#run(event, stageAfter, observer, depth)
    observer.enterNode(this, event, depth)
    const verdict = this.#run(event, stageAfter, observer, depth)
    observer.leaveNode(this, event, depth, verdict)
    return verdict
  }

  #run(
    event: Event,
    stageAfter: ReadonlyMap<string, string>,
    observer: ParseObserver | undefined,
    depth: number,
  ): NodeVerdict {
    if (this.filter) {
      const passed = this.#filterPasses(this.filter, event)
      if (passed !== true) return passed === false ? 'filtered' : 'filter failed'
    }
    const isWhitelisted =
      this.whitelist !== undefined &&
      applyWhitelist(this.whitelist, event, this.name, this.#onFailure)

    const hasOwnMatch =
      this.grok !== undefined && runGrok(this.grok, event, this.name, this.#onFailure)
    let isTaken = this.grok === undefined || hasOwnMatch
    if (isTaken) {
      for (let i = 0; i < this.stashes.length; i++) {
        runStash(this.stashes[i] as Stash, event, this.name, this.#onFailure)
      }
    }
    // Children run even when the own grok failed: one of them may rescue the node.
    for (let i = 0; i < this.children.length; i++) {
      const child = this.children[i] as ParserNode
      if (child.process(event, stageAfter, observer, depth + 1) === 'taken') {
        isTaken = true
        if (this.movesToNextStage) break
      } else if (!hasOwnMatch) {
        isTaken = false
      }
    }
    if (!isTaken) return this.children.length > 0 ? 'no child matched' : 'no match'

    if (this.whitelist === undefined || isWhitelisted) this.#runStatics?.(event)
    this.takenCount++
    if (this.movesToNextStage) event.stage = stageAfter.get(event.stage) ?? event.stage
    return 'taken'
  }

  #filterPasses(filter: Expression, event: Event): boolean | undefined {
    try {
      const value = filter.evaluate(event)
      if (typeof value === 'boolean') return value
      this.#onFailure(this.name, filter.source, 'a filter must be a bool')
    } catch (error) {
      this.#onFailure(this.name, filter.source, messageOf(error))
    }
    return undefined
  }
}
