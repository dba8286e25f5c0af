/** What can be said of a source or of one of its streams. */
export const verdicts = [
  'permission-denied',
  'unreadable',
  'stopped-parsing',
  'no-parser',
  'healthy',
  'starting',
  'idle',
  'missing',
] as const

/**
 * - `permission-denied`, `unreadable`, `missing`: it cannot be read
 * - `no-parser`: many lines, and no parser ever took one
 * - `stopped-parsing`: parsers took its lines and no longer do; the format has changed
 * - `starting`: readable, nothing read yet; `idle`: nothing new for a long time
 */
export type Verdict = (typeof verdicts)[number]

/** A verdict that somebody should look at. */
export function isTrouble(verdict: Verdict): boolean {
  return verdicts.indexOf(verdict) < verdicts.indexOf('healthy') || verdict === 'missing'
}

/** The sentence for people, without the name of the source. */
export function describeVerdict(verdict: Verdict): string {
  return sentences[verdict]
}

const sentences: Readonly<Record<Verdict, string>> = {
  'permission-denied': 'may not be read by this user',
  unreadable: 'cannot be read',
  'stopped-parsing': 'no longer has lines that a parser takes; has its format changed?',
  'no-parser': 'has no parser for its type',
  healthy: 'is read and parsed',
  starting: 'is watched, no line yet',
  idle: 'is watched, nothing new for a while',
  missing: 'is not there',
}
