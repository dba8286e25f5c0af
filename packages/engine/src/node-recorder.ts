import type { Event } from '@tocsin/model'
import type { NodeVerdict, ParseObserver, ParserNode } from '@tocsin/parser'
import { copyEvent } from './copy-event.ts'

/** What one top-level node made of one event. */
export interface NodeResult {
  /** Rank, from 1, of the node's first appearance in its stage. */
  readonly index: number
  /** The event right after the node. */
  readonly event: Event
  readonly isSuccess: boolean
}

/** Results by stage and node name, in the order of events. */
export type NodeResults = Map<string, Map<string, NodeResult[]>>

/** Records what every top-level node made of every event, as test assertions ask for it. */
export class NodeRecorder implements ParseObserver {
  readonly results: NodeResults = new Map()
  /** The stage in which the event at hand entered the node: a node may move the event on. */
  #stage = ''

  enterNode(node: ParserNode, _event: Event, depth: number): void {
    if (depth === 0) this.#stage = node.stage
  }

  leaveNode(node: ParserNode, event: Event, depth: number, verdict: NodeVerdict): void {
    if (depth > 0) return
    let nodes = this.results.get(this.#stage)
    if (!nodes) {
      nodes = new Map()
      this.results.set(this.#stage, nodes)
    }
    let list = nodes.get(node.name)
    if (!list) {
      list = []
      nodes.set(node.name, list)
    }
    const index = list[0]?.index ?? nodes.size
    list.push({ index, event: copyEvent(event), isSuccess: verdict === 'taken' })
  }
}
