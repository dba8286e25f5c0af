import { copyEvent, diffEvents, type EngineObserver, type EventChange } from '@tocsin/engine'
import type { Event } from '@tocsin/model'
import { grokText, type NodeVerdict, type ParseObserver, type ParserNode } from '@tocsin/parser'

/** Where a pattern stopped matching: what it had taken, and what should have come next. */
export interface NearMiss {
  readonly text: string
  readonly offset: number
  readonly expected: string
}

/** What one node made of a line. */
export interface NodeExplanation {
  readonly name: string
  readonly stage: string
  readonly verdict: NodeVerdict
  /** `evt.Parsed.program == 'sshd'`; empty without one. */
  readonly filter: string
  readonly changes: readonly EventChange[]
  readonly miss: NearMiss | undefined
  readonly children: readonly NodeExplanation[]
}

/** Everything that happened to one line. */
export interface LineExplanation {
  readonly line: string
  readonly nodes: readonly NodeExplanation[]
  readonly verdict: 'parsed' | 'unparsed' | 'whitelisted'
  readonly whitelistReason: string
  readonly scenarios: readonly string[]
  /** The alerts that this line set off. */
  readonly overflows: readonly string[]
}

interface OpenNode {
  readonly before: Event
  readonly children: NodeExplanation[]
}

/** Follows one line at a time through an engine. */
export class LineExplainer implements EngineObserver {
  readonly parse: ParseObserver
  #line = ''
  #open: OpenNode[] = []
  #nodes: NodeExplanation[] = []
  #scenarios: readonly string[] = []
  #overflows: string[] = []
  #event: Event | undefined

  constructor() {
    this.parse = {
      enterNode: (_node, event) => {
        this.#open.push({ before: copyEvent(event), children: [] })
      },
      leaveNode: (node, event, _depth, verdict) => this.#leave(node, event, verdict),
    }
  }

  begin(line: string): void {
    this.#line = line
    this.#open = []
    this.#nodes = []
    this.#scenarios = []
    this.#overflows = []
    this.#event = undefined
  }

  routed(event: Event, scenarios: readonly string[]): void {
    if (event.overflow) return
    this.#scenarios = scenarios
  }

  overflowed(event: Event): void {
    const { overflow } = event
    if (overflow?.alert) this.#overflows.push(overflow.alert.message)
  }

  end(): LineExplanation {
    const event = this.#event
    const isParsed = event?.isProcessed === true
    const isWhitelisted = isParsed && event.isWhitelisted
    return {
      line: this.#line,
      nodes: this.#nodes,
      verdict: isWhitelisted ? 'whitelisted' : isParsed ? 'parsed' : 'unparsed',
      whitelistReason: event?.whitelistReason ?? '',
      scenarios: this.#scenarios,
      overflows: this.#overflows,
    }
  }

  #leave(node: ParserNode, event: Event, verdict: NodeVerdict): void {
    const open = this.#open.pop()
    if (!open) return
    // Postoverflows come through here too; what they look at is not the line.
    if (!event.overflow) this.#event = event
    const siblings = this.#open.at(-1)?.children ?? this.#nodes
    siblings.push({
      name: node.name,
      stage: node.stage,
      verdict,
      filter: node.filter?.source ?? '',
      changes: diffEvents(open.before, event),
      miss: verdict === 'taken' || verdict === 'filtered' ? undefined : nearMiss(node, event),
      children: open.children,
    })
  }
}

function nearMiss(node: ParserNode, event: Event): NearMiss | undefined {
  if (!node.grok) return undefined
  const text = grokText(node.grok.input, event, node.name, () => {})
  if (text === undefined) return undefined
  const { offset, expected } = node.grok.grok.explainMiss(text)
  return { text, offset, expected }
}
