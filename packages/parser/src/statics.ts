import { type Expression, staticText } from '@tocsin/expr'
import type { Event } from '@tocsin/model'
import type { Enricher, RuleFailure } from './context.ts'

/** Writes a text somewhere into an event; false when the place does not exist. */
export type StaticWriter = (event: Event, text: string) => boolean

/** Where a static writes. */
export type StaticDestination =
  | { readonly kind: 'method'; readonly name: string; readonly enricher: Enricher | undefined }
  /** A text of the event, or a key of one of its dictionaries: `['meta', 'user']`. */
  | { readonly kind: 'store'; readonly name: string; readonly properties: readonly string[] }
  /** Anywhere else. */
  | { readonly kind: 'write'; readonly name: string; readonly write: StaticWriter }

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
  /** The name of the node whose static it was. */
  readonly rule: string

  constructor(rule: string, message: string) {
    super(message)
    this.rule = rule
  }
}

/**
 * Runs statics in order; later ones see what earlier ones wrote. An empty result keeps what was
 * there, so several statics on one place act as "last non-empty wins".
 * @throws {StaticTypeError} When an expression gives a bool, a list of texts or another type without text.
 */
export type StaticsRunner = (event: Event) => void

/**
 * Makes one function of a list of statics; undefined for an empty list. The function is generated,
 * since only properties that stand in the code keep events on shared hidden classes, and plain reads
 * then cost no call. Hot path: it runs for every node that takes an event.
 */
export function compileStatics(
  statics: readonly Static[],
  rule: string,
  onFailure: RuleFailure,
): StaticsRunner | undefined {
  if (statics.length === 0) return undefined
  const runtime: Runtime = {
    evaluate: statics.map((entry) => entry.expression?.evaluate),
    enrich: statics.map(({ destination }) =>
      destination.kind === 'method' ? destination.enricher : undefined,
    ),
    write: statics.map(({ destination }) =>
      destination.kind === 'write' ? destination.write : undefined,
    ),
    fail(index, error) {
      onFailure(rule, statics[index]?.expression?.source ?? '', messageOf(error))
      return null
    },
    text(index, value) {
      const expression = statics[index]?.expression
      return expression ? textOf(value, expression, rule) : ''
    },
    lost(index) {
      const name = statics[index]?.destination.name ?? ''
      onFailure(rule, name, 'the target does not exist on this event')
    },
  }
  const source = [
    '"use strict"',
    'const { fail, text: toText, lost } = k',
    ...statics.map((_, i) => `const evaluate${i} = k.evaluate[${i}]`),
    ...statics.map((_, i) => `const enrich${i} = k.enrich[${i}], write${i} = k.write[${i}]`),
    'return function runStatics(event) {',
    'let text',
    ...statics.map(generateStatic),
    '}',
  ].join('\n')
  return new Function('k', source)(runtime) as StaticsRunner
}

/** What generated code calls, by the index of the static. */
interface Runtime {
  readonly evaluate: readonly (Expression['evaluate'] | undefined)[]
  readonly enrich: readonly (Enricher | undefined)[]
  readonly write: readonly (StaticWriter | undefined)[]
  /** Notes what an expression threw; null stands for "no value". */
  readonly fail: (index: number, error: unknown) => null
  readonly text: (index: number, value: unknown) => string
  readonly lost: (index: number) => void
}

/** User text enters the code as JSON strings only, so it cannot leave its quotes. */
function generateStatic(entry: Static, index: number): string {
  const { destination, value, expression } = entry
  if (!expression) {
    const text = JSON.stringify(value)
    if (value === '' && !readsNothing(destination)) return ''
    return generateUse(destination, index, text)
  }
  const { place } = expression
  if (place) {
    const use = generateUse(destination, index, 'text')
    const read = `text = event${place.map(member).join('')}`
    // A missing key of a dictionary reads as empty.
    if (readsNothing(destination)) return `${read} ?? ''\n${use}`
    return `${read}\nif (text) { ${use} }`
  }
  const condition = readsNothing(destination) ? 'text !== null' : 'text'
  return [
    `try { text = evaluate${index}(event) } catch (error) { text = fail(${index}, error) }`,
    `if (typeof text !== 'string' && text !== null) text = toText(${index}, text)`,
    `if (${condition}) { ${generateUse(destination, index, 'text')} }`,
  ].join('\n')
}

/** A date is the only thing that can be read from nothing: it is now. */
function readsNothing(destination: StaticDestination): boolean {
  return destination.kind === 'method' && destination.name === 'ParseDate'
}

function generateUse(destination: StaticDestination, index: number, text: string): string {
  switch (destination.kind) {
    case 'method':
      return destination.enricher ? `enrich${index}(${text}, event)` : ''
    case 'store':
      return `event${destination.properties.map(member).join('')} = ${text}`
    case 'write':
      return `if (!write${index}(event, ${text})) lost(${index})`
  }
}

function member(property: string): string {
  return `[${JSON.stringify(property)}]`
}

function textOf(value: unknown, expression: Expression, rule: string): string {
  const text = staticText(value, expression.type)
  if (text.kind === 'text') return text.text
  if (text.kind === 'empty') return ''
  throw new StaticTypeError(rule, `a static cannot take a ${text.typeName}: ${expression.source}`)
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
