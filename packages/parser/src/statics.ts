import { type Expression, staticText } from '@tocsin/expr'
import type { Event, TextDict } from '@tocsin/model'
import type { Enricher, RuleFailure } from './context.ts'

/** Writes a text somewhere into an event; false when the place does not exist. */
export type StaticWriter = (event: Event, text: string) => boolean

/** Where a static writes. */
export type StaticDestination =
  | { readonly kind: 'method'; readonly name: string; readonly enricher: Enricher | undefined }
  | { readonly kind: 'field'; readonly name: string; readonly write: StaticWriter }

/** One entry of `statics:`: a destination and a literal or an expression. */
export interface Static {
  readonly destination: StaticDestination
  readonly value: string
  readonly expression: Expression | undefined
}

/** Thrown when a static gives a type that has no text; the event is given up. */
export class StaticTypeError extends Error {
  override readonly name = 'StaticTypeError'
  readonly code = 'TOC_PARSER_STATIC_TYPE'
}

/**
 * Runs statics in order; later ones see what earlier ones wrote.
 * An empty result keeps what was there, so several statics on one place act as "last non-empty
 * wins". Hot path: run for every node that takes an event.
 * @throws {StaticTypeError} When an expression gives a bool, a list of texts or another type without text.
 */
export function runStatics(
  statics: readonly Static[],
  event: Event,
  rule: string,
  onFailure: RuleFailure,
): void {
  for (let i = 0; i < statics.length; i++) {
    const entry = statics[i] as Static
    const text = entry.expression
      ? expressionText(entry.expression, event, rule, onFailure)
      : entry.value
    if (text === undefined) continue
    const { destination } = entry
    if (destination.kind === 'method') {
      // A date is the only thing that can be read from nothing: it is now.
      if (text !== '' || destination.name === 'ParseDate') destination.enricher?.(text, event)
    } else if (text !== '' && !destination.write(event, text)) {
      onFailure(rule, destination.name, 'the target does not exist on this event')
    }
  }
}

function expressionText(
  expression: Expression,
  event: Event,
  rule: string,
  onFailure: RuleFailure,
): string | undefined {
  let value: unknown
  try {
    value = expression.evaluate(event)
  } catch (error) {
    onFailure(rule, expression.source, messageOf(error))
    return undefined
  }
  if (typeof value === 'string') return value
  const text = staticText(value, expression.type)
  if (text.kind === 'text') return text.text
  if (text.kind === 'empty') return ''
  throw new StaticTypeError(`a static cannot take a ${text.typeName}: ${expression.source}`)
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** A writer for one key of a text dictionary, as a named property store: the shape stays fast. */
export function dictWriter(field: 'parsed' | 'meta' | 'enriched', key: string): StaticWriter {
  const store = namedStore(key)
  switch (field) {
    case 'parsed':
      return (event, text) => store(event.parsed, text)
    case 'meta':
      return (event, text) => store(event.meta, text)
    case 'enriched':
      return (event, text) => store(event.enriched, text)
  }
}

function namedStore(key: string): (dict: TextDict, text: string) => boolean {
  // The key enters the source only as a JSON string, so it cannot leave its quotes.
  const source = `"use strict"; dict[${JSON.stringify(key)}] = text; return true`
  return new Function('dict', 'text', source) as (dict: TextDict, text: string) => boolean
}
