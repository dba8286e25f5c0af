import type { RuleSet } from '@tocsin/engine'
import type { RuleItem } from '@tocsin/hub'
import { knownTypes } from '../../src/replay/guess-type.ts'
import {
  dataPatterns,
  expressionPatterns,
  type FoundPattern,
  grokPatterns,
} from './collect-patterns.ts'
import {
  expressionLines,
  grokLines,
  type HostileLine,
  plainLines,
  requestLines,
} from './hostile-lines.ts'

/** Where a pattern was found: data files have hundreds of one kind. */
export type PatternSource = 'grok' | 'expression' | 'data file'

/** Every pattern of the rules. */
export function allPatterns(
  rules: RuleSet,
  items: readonly RuleItem[],
  findData: (file: { destFile: string; sourceUrl: string }) => string | undefined,
): (FoundPattern & { readonly from: PatternSource })[] {
  const mark = (from: PatternSource) => (found: FoundPattern) => ({ ...found, from })
  return [
    ...grokPatterns(rules).map(mark('grok')),
    ...expressionPatterns(items).map(mark('expression')),
    ...dataPatterns(rules, findData).map(mark('data file')),
  ]
}

/**
 * The hostile lines in groups, one for each pattern and each type of log; a group is made when it
 * is called, as all lines together are gigabytes.
 */
export function hostileGroups(
  rules: RuleSet,
  patterns: ReturnType<typeof allPatterns>,
  textsPerPattern: number,
): (() => Generator<HostileLine>)[] {
  const few = Math.ceil(textsPerPattern / 8)
  return [
    requestLines,
    ...knownTypes(rules.parsers).map((type) => () => plainLines(type)),
    ...patterns.map((found) => {
      if (found.from === 'grok') return () => grokLines(found, textsPerPattern)
      const limit = found.from === 'expression' ? textsPerPattern : few
      return () => expressionLines(found, limit)
    }),
  ]
}
