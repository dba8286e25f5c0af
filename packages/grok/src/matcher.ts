import type { TextDict } from '@tocsin/model'
import type { CompiledPattern } from '@tocsin/regex'

/** Searches a text; true when there is a match, whose captures are then in `into`. */
export type Matcher = (text: string, into: TextDict) => boolean

/**
 * A function that stores the groups of a pattern under their names. It is generated, since only a
 * store to a name that stands in the code keeps dictionaries on shared hidden classes: a loop over
 * names is several times slower.
 */
export function compileMatcher(pattern: CompiledPattern): Matcher {
  if (pattern.groupNames.length === 0) return () => false
  // JSON text is an expression whatever the name, and `__proto__` only a key of a TextDict.
  const stores = pattern.groupNames.map(
    (name, index) => `into[${JSON.stringify(name)}] = found[${index + 1}] ?? ''`,
  )
  const body = `'use strict'
return (text, into) => {
  const found = pattern.exec(text)
  if (found === null) return false
  ${stores.join('\n  ')}
  return true
}`
  return new Function('pattern', body)(pattern) as Matcher
}
