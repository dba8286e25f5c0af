import type { Event } from '@tocsin/model'
import type { RuleFailure } from './context.ts'
import type { ParserNode } from './node.ts'
import type { ParseObserver } from './observer.ts'
import { messageOf, StaticTypeError } from './statics.ts'

interface Stage {
  readonly name: string
  readonly nodes: readonly ParserNode[]
}

/**
 * The stages of one tree (parsers or postoverflows), in order of their names.
 * Hot path: `parse` runs for every line.
 */
export class Stages {
  readonly #stages: readonly Stage[]
  readonly #after: ReadonlyMap<string, string>
  readonly #position: ReadonlyMap<string, number>
  readonly #onFailure: RuleFailure
  readonly #skipsFailedStages: boolean

  /**
   * `nodes` in load order; their stages are sorted here. `skipsFailedStages`: a stage that took
   * nothing does not end the way, so that a whitelist is reached although an enrichment failed.
   */
  constructor(
    nodes: readonly ParserNode[],
    onFailure: RuleFailure,
    options: { readonly skipsFailedStages?: boolean } = {},
  ) {
    const names = [...new Set(nodes.map((node) => node.stage))].sort()
    this.#stages = names.map((name) => ({
      name,
      nodes: nodes.filter((node) => node.stage === name),
    }))
    this.#after = new Map(names.map((name, i) => [name, names[i + 1] ?? name]))
    this.#position = new Map(names.map((name, i) => [name, i]))
    this.#onFailure = onFailure
    this.#skipsFailedStages = options.skipsFailedStages ?? false
  }

  get names(): string[] {
    return this.#stages.map((stage) => stage.name)
  }

  /** The top-level nodes of all stages, in the order in which they are tried. */
  get nodes(): ParserNode[] {
    return this.#stages.flatMap((stage) => stage.nodes)
  }

  /**
   * Takes the event through the stages; afterwards `event.isProcessed` tells whether every stage
   * had a node that took it. Nothing a failed node wrote is undone.
   */
  parse(event: Event, observer?: ParseObserver): void {
    event.isProcessed = false
    const first = this.#stages[0]
    if (first && event.stage === '') event.stage = first.name
    for (let i = 0; i < this.#stages.length; i++) {
      const stage = this.#stages[i] as Stage
      if (event.stage !== stage.name) {
        if ((this.#position.get(event.stage) ?? -1) > i) continue
        return
      }
      if (this.#runStage(stage, event, observer)) continue
      if (!this.#skipsFailedStages) return
      event.stage = this.#after.get(stage.name) ?? stage.name
    }
    event.isProcessed = true
  }

  #runStage(stage: Stage, event: Event, observer: ParseObserver | undefined): boolean {
    let isTaken = false
    const { nodes } = stage
    for (let i = 0; i < nodes.length; i++) {
      const node = nodes[i] as ParserNode
      let took: boolean
      try {
        took = node.process(event, this.#after, observer)
      } catch (error) {
        if (!(error instanceof StaticTypeError)) throw error
        this.#onFailure(node.name, 'statics', messageOf(error))
        return false
      }
      if (took) isTaken = true
      if (took && node.movesToNextStage) break
      if (event.stage !== stage.name) break
    }
    return isTaken
  }
}
