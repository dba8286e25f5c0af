import { hostileTexts } from '@tocsin/regex'
import type { FoundPattern } from './collect-patterns.ts'
import { isWorthAnotherTry } from './measure-lines.ts'

/** A pattern and the text that took it longest. */
export interface SlowPattern {
  readonly rule: string
  readonly source: string
  readonly ms: number
  readonly text: string
}

/** How long a pattern takes for the worst of its hostile texts, captures and all. */
export function measurePattern(
  { rule, pattern }: FoundPattern,
  textsPerPattern: number,
): SlowPattern {
  let worst = { ms: 0, text: '' }
  for (const text of hostileTexts(pattern.tree, { limit: textsPerPattern })) {
    let ms = Number.POSITIVE_INFINITY
    for (let tries = 0; isWorthAnotherTry(ms, tries); tries++) {
      const startedMs = performance.now()
      pattern.exec(text)
      ms = Math.min(ms, performance.now() - startedMs)
    }
    if (ms > worst.ms) worst = { ms, text }
  }
  return { rule, source: pattern.source, ...worst }
}
