import type { Definition } from './definition.ts'

/**
 * Which references of a pattern are captured, and as what, by their rank in its text.
 * Of `%{SYSLOGBASE2} %{DATA:program}` it is
 * `0 → { semantic: undefined, inner: { …timestamp, logsource, pid } }, 1 → { semantic: 'program' }`.
 */
export type CapturePlan = Map<number, PlannedCapture>

interface PlannedCapture {
  semantic: string | undefined
  inner: CapturePlan | undefined
}

/** Where the text of each semantic comes from: ranks of references from the outermost inwards. */
export type Semantics = ReadonlyMap<string, readonly number[]>

/**
 * The semantics that a pattern exports, its own and those of the patterns it refers to. Its own hide
 * those from inside; of equal ones the last in the text wins, whether or not it takes part in a match.
 */
export function readSemantics(definition: Definition): Semantics {
  const own = new Map<string, readonly number[]>()
  const inherited = new Map<string, readonly number[]>()
  definition.references.forEach(({ semantic, target }, rank) => {
    if (semantic !== undefined) own.set(semantic, [rank])
    for (const [name, path] of target.semantics) inherited.set(name, [rank, ...path])
  })
  for (const [name, path] of own) inherited.set(name, path)
  return inherited
}

/** The captures that a match needs: those that win, and no other. */
export function planCaptures(semantics: Semantics): CapturePlan {
  const plan: CapturePlan = new Map()
  for (const [semantic, path] of semantics) {
    let level = plan
    path.forEach((rank, depth) => {
      let planned = level.get(rank)
      if (!planned) {
        planned = { semantic: undefined, inner: undefined }
        level.set(rank, planned)
      }
      if (depth === path.length - 1) planned.semantic = semantic
      else {
        planned.inner ??= new Map()
        level = planned.inner
      }
    })
  }
  return plan
}
