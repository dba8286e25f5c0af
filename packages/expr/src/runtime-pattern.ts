import { compilePattern, type Pattern } from '@tocsin/regex'
import { fail } from './fail.ts'
import { matchesPattern } from './runtime-operators.ts'
import { kindOf } from './value.ts'

/** The last pattern one `matches` compiled, since the next one is mostly the same. */
export class PatternSlot {
  source: string | undefined
  pattern: Pattern | undefined
  constructor() {
    this.source = undefined
    this.pattern = undefined
  }
}

/** `matches` with a pattern that is only known now. */
export function matchesDynamic(text: unknown, source: unknown, slot: PatternSlot): boolean {
  if (text === undefined || text === null || source === undefined || source === null) return false
  if (typeof source !== 'string') return fail(`a pattern must be a string, not ${kindOf(source)}`)
  if (slot.pattern === undefined || slot.source !== source) {
    slot.pattern = compile(source)
    slot.source = source
  }
  return matchesPattern(text, slot.pattern)
}

function compile(source: string): Pattern {
  try {
    return compilePattern(source)
  } catch (error) {
    return fail(`invalid pattern: ${error instanceof Error ? error.message : String(error)}`)
  }
}
