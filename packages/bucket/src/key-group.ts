import type { Bucket } from './bucket.ts'
import type { Scenario } from './scenario.ts'

/**
 * The buckets of scenarios that group events alike, by key: an event that pours into several of them
 * is looked up once. Those of one key hang together. Hot path.
 */
export class KeySpace {
  readonly #heads = new Map<string, Bucket>()
  /** The key asked for last, and the first of its buckets. */
  #lastKey: string | undefined
  #lastHead: Bucket | undefined

  /** The first of the buckets of a key; the others follow by `sibling`. */
  head(key: string): Bucket | undefined {
    if (key !== this.#lastKey) {
      this.#lastKey = key
      this.#lastHead = this.#heads.get(key)
    }
    return this.#lastHead
  }

  add(bucket: Bucket): void {
    const { key } = bucket
    bucket.sibling = this.head(key)
    this.#setHead(key, bucket)
  }

  remove(bucket: Bucket): void {
    const { key, sibling } = bucket
    const head = this.head(key)
    if (head === bucket) {
      this.#setHead(key, sibling)
    } else {
      let before = head
      while (before !== undefined && before.sibling !== bucket) before = before.sibling
      if (before !== undefined) before.sibling = sibling
    }
    bucket.sibling = undefined
  }

  #setHead(key: string, bucket: Bucket | undefined): void {
    if (bucket) this.#heads.set(key, bucket)
    else this.#heads.delete(key)
    this.#lastHead = bucket
  }
}

/**
 * The buckets that scenarios of the same name and filter share, in the order in which they were made.
 * The one that made a bucket rules it.
 */
export class KeyGroup {
  /** How many there are. */
  size = 0
  /** Live: when to look for buckets that have ended. */
  sweepAtMs = Number.POSITIVE_INFINITY
  /** Whether several scenarios pour here. */
  readonly isShared: boolean
  readonly #space: KeySpace
  /** The number of the scenario, when there is only one. */
  readonly #owner: number
  #oldest: Bucket | undefined
  #newest: Bucket | undefined

  /** @param space Its own when it is shared: then any bucket of a key is the one. */
  constructor(space: KeySpace, owner: number, isShared: boolean) {
    this.#space = space
    this.#owner = owner
    this.isShared = isShared
  }

  get(key: string): Bucket | undefined {
    let bucket = this.#space.head(key)
    if (this.isShared) return bucket
    while (bucket !== undefined && bucket.owner !== this.#owner) bucket = bucket.sibling
    return bucket
  }

  /** Takes in a bucket of a key that has none here. */
  add(bucket: Bucket): void {
    this.#space.add(bucket)
    bucket.older = this.#newest
    if (this.#newest === undefined) this.#oldest = bucket
    else this.#newest.newer = bucket
    this.#newest = bucket
    this.size++
  }

  /** False when it is not here. */
  remove(bucket: Bucket): boolean {
    const { older, newer } = bucket
    if (older === undefined && this.#oldest !== bucket) return false
    this.#space.remove(bucket)
    if (older === undefined) this.#oldest = newer
    else older.newer = newer
    if (newer === undefined) this.#newest = older
    else newer.older = older
    bucket.older = undefined
    bucket.newer = undefined
    this.size--
    return true
  }

  /** All buckets, oldest first. The one at hand may be removed meanwhile. */
  *buckets(): Generator<Bucket> {
    let bucket = this.#oldest
    while (bucket !== undefined) {
      const { newer } = bucket
      yield bucket
      bucket = newer
    }
  }
}

/** The group of each scenario, in their order. */
export function createGroups(scenarios: readonly Scenario[]): KeyGroup[] {
  const identityOf = ({ name, filter }: Scenario) => JSON.stringify([name, filter.text])
  const owners = Map.groupBy(scenarios, identityOf)
  const groups = new Map<string, KeyGroup>()
  const spaces = new Map<string, KeySpace>()
  return scenarios.map((scenario, index) => {
    const identity = identityOf(scenario)
    const known = groups.get(identity)
    if (known) return known
    const isShared = (owners.get(identity)?.length ?? 0) > 1
    const groupBy = scenario.groupBy?.text ?? ''
    const space = (isShared ? undefined : spaces.get(groupBy)) ?? new KeySpace()
    if (!isShared) spaces.set(groupBy, space)
    const group = new KeyGroup(space, index, isShared)
    groups.set(identity, group)
    return group
  })
}
