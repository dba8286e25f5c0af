import { type RuleItem, type RuleKind, ruleKinds } from './item.ts'

const kindRanks = Object.fromEntries(ruleKinds.map((kind, rank) => [kind, rank])) as Readonly<
  Record<RuleKind, number>
>

/**
 * Items in the order the engine loads them: parsers and postoverflows by stage, then by place, both
 * byte by byte; everything else by name whatever its case.
 */
export function orderItems(items: Iterable<RuleItem>): RuleItem[] {
  return [...items].sort(compareItems)
}

function compareItems(a: RuleItem, b: RuleItem): number {
  if (a.kind !== b.kind) return kindRanks[a.kind] - kindRanks[b.kind]
  if (a.kind === 'parser' || a.kind === 'postoverflow') {
    return (
      compareBytes(a.stage, b.stage) ||
      compareBytes(a.place, b.place) ||
      compareBytes(a.path, b.path)
    )
  }
  return (
    compareBytes(a.name.toLowerCase(), b.name.toLowerCase()) ||
    compareBytes(a.name, b.name) ||
    compareBytes(a.path, b.path)
  )
}

/** Orders texts by their UTF-8 bytes, as directories and Go programs do. */
export function compareBytes(a: string, b: string): number {
  if (a === b) return 0
  // UTF-16 order differs from byte order only where surrogates meet the block above them.
  if (/[\ud800-\uffff]/.test(a) || /[\ud800-\uffff]/.test(b)) {
    return Buffer.compare(Buffer.from(a), Buffer.from(b))
  }
  return a < b ? -1 : 1
}
