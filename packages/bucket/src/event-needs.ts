import type { Rule } from './scenario.ts'

/** What rules read of an event: enough to decide what a bucket must keep of it. */
export interface EventNeeds {
  /** More than Meta and the named keys: the whole event has to be kept. */
  readonly isWhole: boolean
  readonly parsed: ReadonlySet<string>
  readonly enriched: ReadonlySet<string>
}

/** What these rules read of an event together. Meta is always kept. */
export function eventNeedsOf(rules: Iterable<Rule | undefined>): EventNeeds {
  const parsed = new Set<string>()
  const enriched = new Set<string>()
  let isWhole = false
  for (const rule of rules) {
    if (!rule) continue
    // What it writes would be written into a copy.
    if (rule.expression.hasSideEffects) isWhole = true
    for (const [root, member, key] of rule.expression.reads) {
      if (root !== 'evt' || member === 'Meta') continue
      if (member === 'Parsed' && key !== undefined) parsed.add(key)
      else if (member === 'Enriched' && key !== undefined) enriched.add(key)
      else isWhole = true
    }
  }
  return { isWhole, parsed, enriched }
}

/**
 * The keys of Meta that rules about a queue read of its events, when they read nothing else of them
 * but their times; undefined when they may read more.
 */
export function queueNeedsOf(rules: Iterable<Rule>): ReadonlySet<string> | undefined {
  const meta = new Set<string>()
  for (const { expression } of rules) {
    const reads = expression.structReads('Event')
    if (!reads) return undefined
    for (const [member, key] of reads) {
      if (member === 'Meta' && key !== undefined) meta.add(key)
      else if (member !== 'Time' && member !== 'MarshaledTime') return undefined
    }
  }
  return meta
}
