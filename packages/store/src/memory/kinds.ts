import { escapeJson } from './wire.ts'

/** What many decisions have in common: `{ origin: 'CAPI', scenario: 'ssh-bf', type: 'ban', … }`. */
export interface Kind {
  readonly origin: string
  readonly scenario: string
  readonly type: string
  readonly scope: string
  readonly isSimulated: boolean
}

/** A kind and what is derived from it once. */
export interface KnownKind extends Kind {
  readonly id: number
  /** Same number: decisions on the same target are one, the later extends the earlier. */
  readonly life: number
  /** Same number: decisions on the same target are one remediation to a bouncer. */
  readonly remedy: number
  /** The middle of the JSON of a decision, between its id and its uuid or value. */
  readonly json: string
}

/** All kinds by their row id. They are few: a decision carries a number instead of five texts. */
export class Kinds {
  readonly byId: (KnownKind | undefined)[] = []
  readonly #ids = new Map<string, number>()
  readonly #lives = new Map<string, number>()
  readonly #remedies = new Map<string, number>()
  /** Changes whenever a kind is added, so that what was derived from all of them is made anew. */
  version = 0
  lastId = 0

  find(kind: Kind): KnownKind | undefined {
    const id = this.#ids.get(keyOf(kind))
    return id === undefined ? undefined : this.byId[id]
  }

  /** @throws {Error} When there is no such kind, which the rows in SQL rule out. */
  get(id: number): KnownKind {
    const kind = this.byId[id]
    if (!kind) throw new Error(`decision kind ${id} is unknown`)
    return kind
  }

  add(id: number, kind: Kind): KnownKind {
    const { origin, scenario, type, scope, isSimulated } = kind
    // Each block list owns its entries, so that leaving one list keeps what another has.
    const list = origin === 'lists' ? scenario : ''
    const known: KnownKind = {
      id,
      origin,
      scenario,
      type,
      scope,
      isSimulated,
      life: numberOf(this.#lives, JSON.stringify([origin, scope, type, isSimulated, list])),
      remedy: numberOf(this.#remedies, JSON.stringify([scope, type])),
      json: `,"origin":${escapeJson(origin)},"scenario":${escapeJson(scenario)},"scope":${escapeJson(scope)},"type":${escapeJson(type)}`,
    }
    this.byId[id] = known
    this.#ids.set(keyOf(kind), id)
    this.lastId = Math.max(this.lastId, id)
    this.version++
    return known
  }

  /** How many are known. */
  get size(): number {
    return this.#ids.size
  }

  /** Forgets kinds that nothing is of any more; their ids are never used again. */
  retain(isKept: (id: number) => boolean): void {
    for (const [key, id] of this.#ids) {
      if (isKept(id)) continue
      this.#ids.delete(key)
      this.byId[id] = undefined
    }
    this.version++
  }

  /** Forgets kinds above an id: the transaction that made them failed. */
  truncate(lastId: number): void {
    for (let id = lastId + 1; id <= this.lastId; id++) {
      const kind = this.byId[id]
      if (kind) this.#ids.delete(keyOf(kind))
    }
    this.byId.length = Math.min(this.byId.length, lastId + 1)
    this.lastId = Math.min(this.lastId, lastId)
    this.version++
  }
}

function keyOf(kind: Kind): string {
  const { origin, scenario, type, scope, isSimulated } = kind
  return JSON.stringify([origin, scenario, type, scope, isSimulated])
}

function numberOf(numbers: Map<string, number>, key: string): number {
  const known = numbers.get(key)
  if (known !== undefined) return known
  numbers.set(key, numbers.size)
  return numbers.size - 1
}
