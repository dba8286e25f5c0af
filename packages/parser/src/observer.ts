import type { Event } from '@tocsin/model'
import type { ParserNode } from './node.ts'

/** Why a node gave up an event, or that it took it. */
export type NodeVerdict = 'taken' | 'filtered' | 'filter failed' | 'no match' | 'no child matched'

/** Follows an event through the stages: for explanations and test dumps. Slow path only. */
export interface ParseObserver {
  enterNode(node: ParserNode, event: Event, depth: number): void
  leaveNode(node: ParserNode, event: Event, depth: number, verdict: NodeVerdict): void
}
