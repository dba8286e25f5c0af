import { type AddressRange, parseAddressOrRange } from '@tocsin/address'
import type { DecisionFilter } from '../decision-store.ts'
import type { DecisionTable } from './decision-table.ts'
import type { Kind, Kinds } from './kinds.ts'
import { formatRange, rangeTarget, type Target, textTarget } from './target.ts'

/** A filter made ready: what depends on the kind alone is a table lookup. */
export class DecisionQuery {
  readonly #table: DecisionTable
  readonly #kinds: Kinds
  readonly #filter: DecisionFilter
  readonly #range: AddressRange | undefined
  readonly #uuids: ReadonlySet<string> | undefined
  /** Ways to write the wanted value: as given, and canonical. */
  readonly #values: ReadonlySet<string> | undefined
  #isWanted: Uint8Array = new Uint8Array(0)
  #version = -1

  constructor(table: DecisionTable, kinds: Kinds, filter: DecisionFilter) {
    this.#table = table
    this.#kinds = kinds
    this.#filter = filter
    this.#range = filter.range?.unmapped()
    this.#uuids = filter.uuids && new Set(filter.uuids)
    this.#values = filter.value === undefined ? undefined : spellingsOf(filter.value)
  }

  /** By kind id: 1 when decisions of that kind pass. */
  get isWanted(): Uint8Array {
    if (this.#version === this.#kinds.version) return this.#isWanted
    this.#version = this.#kinds.version
    this.#isWanted = new Uint8Array(this.#kinds.lastId + 1)
    for (const kind of this.#kinds.byId) {
      if (kind && passesKind(kind, this.#filter)) this.#isWanted[kind.id] = 1
    }
    return this.#isWanted
  }

  /** Whether a decision passes, live or dead. */
  passes(slot: number): boolean {
    const table = this.#table
    if (this.isWanted[table.kinds[slot] ?? 0] !== 1) return false
    if (this.#range && !this.#matchesRange(slot, this.#range)) return false
    if (this.#values && !this.#values.has(table.valueOf(slot))) return false
    return !this.#uuids || this.#uuids.has(table.uuidOf(slot))
  }

  /** Live slots that pass, in ascending id. */
  select(afterId = 0, limit = Number.POSITIVE_INFINITY): number[] {
    const found: number[] = []
    const near = this.#candidates()
    if (near) {
      for (const slot of near) {
        if ((this.#table.ids[slot] ?? 0) > afterId && this.passes(slot)) found.push(slot)
      }
      return found.slice(0, limit)
    }
    const { used } = this.#table
    for (let slot = this.#table.firstAfter(afterId); slot < used; slot++) {
      if (found.length >= limit) break
      if (this.#table.isLive(slot) && this.passes(slot)) found.push(slot)
    }
    return found
  }

  /** Live slots to look at, ascending, when something better than all is known. */
  #candidates(): number[] | undefined {
    const found: number[] = []
    if (this.#filter.value !== undefined) {
      for (const target of targetsOf(this.#filter.value)) {
        let at = this.#table.firstOn(target)
        for (; at >= 0; at = this.#table.nextOn(at, target)) found.push(at)
      }
    } else if (this.#range && (this.#filter.rangeMatch ?? 'covering') === 'covering') {
      this.#table.collectCovering(this.#range, found)
    } else if (this.#range?.isSingle) {
      this.#table.collectCovering(this.#range, found)
    } else {
      return undefined
    }
    return [...new Set(found)].sort((a, b) => a - b)
  }

  #matchesRange(slot: number, range: AddressRange): boolean {
    const own = this.#table.rangeOf(slot)
    if (!own) return false
    switch (this.#filter.rangeMatch) {
      case 'within':
        return range.covers(own)
      case 'overlapping':
        return range.overlaps(own)
      default:
        return own.covers(range)
    }
  }
}

/** Whether all decisions of a kind pass what the filter says about origin, scenario, type and scope. */
export function passesKind(kind: Kind, filter: DecisionFilter): boolean {
  if (kind.isSimulated && !filter.includeSimulated) return false
  if (filter.scopes && !filter.scopes.includes(kind.scope)) return false
  if (filter.origins && !filter.origins.includes(kind.origin)) return false
  if (filter.types && !filter.types.includes(kind.type)) return false
  if (filter.scenarios && !filter.scenarios.includes(kind.scenario)) return false
  const { scenariosContaining, scenariosNotContaining } = filter
  if (!scenariosContaining && !scenariosNotContaining) return true
  const scenario = kind.scenario.toLowerCase()
  const isPart = (part: string) => scenario.includes(part.toLowerCase())
  if (scenariosContaining && !scenariosContaining.some(isPart)) return false
  return !scenariosNotContaining?.some(isPart)
}

function targetsOf(value: string): Target[] {
  const range = parseAddressOrRange(value.trim())?.unmapped()
  return range ? [textTarget(value), rangeTarget(range, undefined)] : [textTarget(value)]
}

function spellingsOf(value: string): Set<string> {
  const range = parseAddressOrRange(value.trim())?.unmapped()
  // `192.0.2.7` and `192.0.2.7/32` stay apart: one is written for scope Ip, the other for Range.
  return new Set(range && !value.includes('/') ? [value, formatRange(range)] : [value])
}
