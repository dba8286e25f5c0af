import { type Expression, staticText } from '@tocsin/expr'
import type { Grok } from '@tocsin/grok'
import type { Event } from '@tocsin/model'
import type { RuleFailure } from './context.ts'
import { messageOf, type Static, type StaticsRunner } from './statics.ts'

/** Which text a grok is matched against. */
export type GrokInput =
  | { readonly kind: 'line' }
  | { readonly kind: 'parsed'; readonly key: string }
  | { readonly kind: 'expression'; readonly expression: Expression }

/** `grok:` of a node. */
export interface GrokStep {
  readonly grok: Grok
  readonly input: GrokInput
  readonly statics: readonly Static[]
  readonly runStatics: StaticsRunner | undefined
}

/** Matches, writes the captures into `evt.Parsed`, runs the grok's own statics; true when it matched. */
export function runGrok(
  step: GrokStep,
  event: Event,
  rule: string,
  onFailure: RuleFailure,
): boolean {
  const text = grokText(step.input, event, rule, onFailure)
  if (text === undefined || !step.grok.match(text, event.parsed)) return false
  step.runStatics?.(event)
  return true
}

/** The text a grok looks at; undefined when there is none and the grok cannot match. */
export function grokText(
  input: GrokInput,
  event: Event,
  rule: string,
  onFailure: RuleFailure,
): string | undefined {
  if (input.kind === 'parsed') return event.parsed[input.key]
  if (input.kind === 'line') return event.line.raw
  try {
    const value = input.expression.evaluate(event)
    const text = staticText(value, input.expression.type)
    if (text.kind === 'text') return text.text
    onFailure(rule, input.expression.source, 'the expression of a grok must give a text')
    return ''
  } catch (error) {
    onFailure(rule, input.expression.source, messageOf(error))
    return undefined
  }
}
