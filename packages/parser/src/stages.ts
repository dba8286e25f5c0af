import { DispatchIndex } from '@tocsin/expr'
import type { Event } from '@tocsin/model'
import type { RuleFailure } from './context.ts'
import type { ParserNode } from './node.ts'
import type { ParseObserver } from './observer.ts'
import { messageOf, StaticTypeError } from './statics.ts'
import { mayChange, writtenPlaces } from './written-places.ts'

/** The nodes of one stage, and which of them an event may pass the filter of. */
class Stage {
  readonly name: string
  readonly nodes: readonly ParserNode[]
  readonly #index: DispatchIndex
  /** For each node, whether what it writes may change whom the index lets through. */
  readonly #disturbs: readonly boolean[]
  readonly #candidates: number[] = []

  constructor(name: string, nodes: readonly ParserNode[]) {
    this.name = name
    this.nodes = nodes
    this.#index = new DispatchIndex(
      nodes.map(({ filter }) => ({ requirements: filter?.requirements ?? [] })),
    )
    const places = [...this.#index.places]
    this.#disturbs = nodes.map((node) => {
      const written = writtenPlaces(node)
      return places.some((place) => mayChange(written, place))
    })
  }

  /** Offers the event to the nodes in their order; whether one took it. */
  run(event: Event, stageAfter: ReadonlyMap<string, string>): boolean {
    const candidates = this.#candidates
    candidates.length = 0
    this.#index.collect(event, candidates)
    let isTaken = false
    for (let i = 0; i < candidates.length; i++) {
      const index = candidates[i] as number
      const node = this.nodes[index] as ParserNode
      const verdict = node.process(event, stageAfter)
      if (verdict === 'taken') {
        isTaken = true
        if (node.movesToNextStage) break
      }
      if (event.stage !== this.name) break
      // Who was sorted out before may pass now that a node has written.
      if (!this.#disturbs[index]) continue
      if (verdict !== 'filtered' || node.filter?.hasSideEffects)
        i = this.#collectAfter(index, event)
    }
    return isTaken
  }

  /** Collects anew; the position of the last candidate up to the node `index`. */
  #collectAfter(index: number, event: Event): number {
    const candidates = this.#candidates
    candidates.length = 0
    this.#index.collect(event, candidates)
    let position = -1
    while (position + 1 < candidates.length && (candidates[position + 1] as number) <= index) {
      position++
    }
    return position
  }

  /** As `run`, asking every node, for whoever watches. */
  runObserved(
    event: Event,
    stageAfter: ReadonlyMap<string, string>,
    observer: ParseObserver,
  ): boolean {
    let isTaken = false
    for (const node of this.nodes) {
      const took = node.process(event, stageAfter, observer) === 'taken'
      if (took) isTaken = true
      if (took && node.movesToNextStage) break
      if (event.stage !== this.name) break
    }
    return isTaken
  }
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
    this.#stages = names.map(
      (name) =>
        new Stage(
          name,
          nodes.filter((node) => node.stage === name),
        ),
    )
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
    try {
      if (observer) return stage.runObserved(event, this.#after, observer)
      return stage.run(event, this.#after)
    } catch (error) {
      if (!(error instanceof StaticTypeError)) throw error
      this.#onFailure(error.rule, 'statics', messageOf(error))
      return false
    }
  }
}
