import type { Expression } from '@tocsin/expr'
import type { Event } from '@tocsin/model'
import type { RuleFailure, StashWriter } from './context.ts'
import { messageOf } from './statics.ts'

/** One entry of `stash:`: remembers a value under a key for later events. */
export interface Stash {
  readonly name: string
  readonly key: Expression
  readonly value: Expression
  readonly ttlNanos: number
  readonly cache: StashWriter
}

/** Stores what the event gives; what is not a text is not stored. */
export function runStash(stash: Stash, event: Event, rule: string, onFailure: RuleFailure): void {
  const key = evaluateText(stash.key, event, rule, onFailure)
  const value = evaluateText(stash.value, event, rule, onFailure)
  if (key === undefined || value === undefined) return
  stash.cache.set(key, value, stash.ttlNanos)
}

function evaluateText(
  expression: Expression,
  event: Event,
  rule: string,
  onFailure: RuleFailure,
): string | undefined {
  try {
    const value = expression.evaluate(event)
    if (typeof value === 'string') return value
    onFailure(rule, expression.source, 'a stash key or value must be a text')
  } catch (error) {
    onFailure(rule, expression.source, messageOf(error))
  }
  return undefined
}
