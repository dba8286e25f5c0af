import { Address, AddressRange } from '@tocsin/address'
import { formatTarget, type Target, textTarget } from './target.ts'

const isV4 = 1
const isV6 = 2
const familyBits = isV4 | isV6
const isLive = 4
const isReplaced = 8
const hasText = 16
const hasUuid = 32
const none = -1
const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/**
 * A million decisions in flat arrays: about 50 bytes each for IPv4, 12 more once there is IPv6, 16 more
 * once there are uuids. Slots are in ascending id and never reused: a dead decision keeps its slot, so that
 * bouncers can be told, until `compact`. Live ones are found by target through one hash table with
 * chains; a range around an address by trying each prefix length in use.
 * Hot path: nothing is allocated but results, see bench/memory.bench.ts.
 */
export class DecisionTable {
  ids: Float64Array
  untils: Float64Array
  kinds: Int32Array
  #w0: Int32Array
  /** The other words of IPv6, empty as long as there is none. */
  #w1: Int32Array = new Int32Array(0)
  #w2: Int32Array = new Int32Array(0)
  #w3: Int32Array = new Int32Array(0)
  #prefixes: Uint8Array
  #flags: Uint8Array
  #next: Int32Array
  #heads: Int32Array
  /** Values that are not what their target would be written as. */
  #texts = new Map<number, string>()
  #uuidWords: Int32Array = new Int32Array(0)
  #oddUuids = new Map<number, string>()
  /** How many live ranges of each prefix length there are. */
  readonly #prefixCounts4 = new Uint32Array(33)
  readonly #prefixCounts6 = new Uint32Array(129)
  readonly #seed: number
  /** Slots in use, dead ones included. */
  used = 0
  live = 0

  /** @param seed Keeps attackers from choosing addresses that fall into one chain. */
  constructor(seed: number, capacity = 1_024) {
    this.#seed = seed | 0
    this.ids = new Float64Array(capacity)
    this.untils = new Float64Array(capacity)
    this.kinds = new Int32Array(capacity)
    this.#w0 = new Int32Array(capacity)
    this.#prefixes = new Uint8Array(capacity)
    this.#flags = new Uint8Array(capacity)
    this.#next = new Int32Array(capacity)
    this.#heads = new Int32Array(powerOfTwo(capacity)).fill(none)
  }

  get lastId(): number {
    return this.used === 0 ? 0 : (this.ids[this.used - 1] ?? 0)
  }

  isLive(slot: number): boolean {
    return ((this.#flags[slot] ?? 0) & isLive) !== 0
  }

  /** Whether another decision took its place while it was live. */
  isReplaced(slot: number): boolean {
    return ((this.#flags[slot] ?? 0) & isReplaced) !== 0
  }

  /** Adds a decision whose id is above all others; dead ones too, to be announced. */
  append(id: number, kind: number, untilMs: number, uuid: string, target: Target): number {
    if (this.used === this.ids.length) this.#growSlots(Math.ceil(this.used * 1.3))
    const slot = this.used++
    this.ids[slot] = id
    this.untils[slot] = untilMs
    this.kinds[slot] = kind
    this.#w0[slot] = target.w0
    this.#prefixes[slot] = target.prefix
    this.#flags[slot] = target.family === 4 ? isV4 : target.family === 6 ? isV6 : 0
    if (target.family === 6) {
      if (this.#w1.length === 0) this.#growWords(this.ids.length)
      this.#w1[slot] = target.w1
      this.#w2[slot] = target.w2
      this.#w3[slot] = target.w3
    }
    if (target.text !== undefined) this.#setText(slot, target.text)
    if (uuid !== '') this.setUuid(slot, uuid)
    return slot
  }

  /** Makes a dead decision live, so that lookups find it. */
  revive(slot: number): void {
    if (this.isLive(slot)) return
    if (this.live >= this.#heads.length) this.#rehash(this.#heads.length * 2)
    this.#flags[slot] = ((this.#flags[slot] ?? 0) | isLive) & ~isReplaced
    this.live++
    this.#link(slot)
    this.#countPrefix(slot, 1)
  }

  /** Makes a live decision dead; lookups do not find it any more. */
  kill(slot: number): void {
    if (!this.isLive(slot)) return
    this.#flags[slot] = (this.#flags[slot] ?? 0) & ~isLive
    this.live--
    this.#unlink(slot)
    this.#countPrefix(slot, -1)
  }

  markReplaced(slot: number): void {
    this.#flags[slot] = (this.#flags[slot] ?? 0) | isReplaced
  }

  /** The slot of an id, live or dead; -1 when there is none. */
  slotOf(id: number): number {
    const at = this.firstAfter(id - 1)
    return at < this.used && this.ids[at] === id ? at : none
  }

  /** The first slot with an id above this one; `used` when there is none. */
  firstAfter(id: number): number {
    let low = 0
    let high = this.used
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.ids[middle] ?? 0) > id) high = middle
      else low = middle + 1
    }
    return low
  }

  /** The first live decision on exactly this target; go on with `nextOn`. */
  firstOn(target: Target): number {
    const { family, prefix, w0, w1, w2, w3 } = target
    const head = this.#heads[this.#hash(family, prefix, w0, w1, w2, w3)] ?? none
    return this.#findFrom(head, target)
  }

  nextOn(slot: number, target: Target): number {
    return this.#findFrom(this.#next[slot] ?? none, target)
  }

  /** Adds the slots of live decisions whose range covers this one. */
  collectCovering(range: AddressRange, found: number[]): void {
    const { first, prefixLength } = range
    const counts = first.family === 4 ? this.#prefixCounts4 : this.#prefixCounts6
    for (let length = 0; length <= prefixLength; length++) {
      if (counts[length] === 0) continue
      const { family, w0, w1, w2, w3 } = first.masked(length)
      const target: Target = { family, prefix: length, w0, w1, w2, w3, text: undefined }
      for (let at = this.firstOn(target); at >= 0; at = this.nextOn(at, target)) found.push(at)
    }
  }

  rangeOf(slot: number): AddressRange | undefined {
    const family = (this.#flags[slot] ?? 0) & familyBits
    if (family === 0) return undefined
    const w0 = this.#w0[slot] ?? 0
    const address =
      family === isV4
        ? Address.ofIpv4(w0)
        : Address.ofIpv6(w0, this.#w1[slot] ?? 0, this.#w2[slot] ?? 0, this.#w3[slot] ?? 0)
    return AddressRange.of(address, this.#prefixes[slot] ?? 0)
  }

  targetOf(slot: number): Target {
    const flags = this.#flags[slot] ?? 0
    const text = (flags & hasText) === 0 ? undefined : this.#texts.get(slot)
    const family = flags & familyBits
    if (family === 0) return textTarget(text ?? '')
    const isWide = family === isV6
    return {
      family: isWide ? 6 : 4,
      prefix: this.#prefixes[slot] ?? 0,
      w0: this.#w0[slot] ?? 0,
      w1: isWide ? (this.#w1[slot] ?? 0) : 0,
      w2: isWide ? (this.#w2[slot] ?? 0) : 0,
      w3: isWide ? (this.#w3[slot] ?? 0) : 0,
      text,
    }
  }

  /** The value as it was written. */
  valueOf(slot: number): string {
    const flags = this.#flags[slot] ?? 0
    if ((flags & hasText) !== 0) return this.#texts.get(slot) ?? ''
    if ((flags & isV4) !== 0 && this.#prefixes[slot] === 32) {
      const w0 = this.#w0[slot] ?? 0
      return `${w0 >>> 24}.${(w0 >>> 16) & 255}.${(w0 >>> 8) & 255}.${w0 & 255}`
    }
    return formatTarget(this.targetOf(slot))
  }

  /** Empty for none. */
  uuidOf(slot: number): string {
    if (((this.#flags[slot] ?? 0) & hasUuid) === 0) return ''
    const odd = this.#oddUuids.get(slot)
    if (odd !== undefined) return odd
    const at = slot * 4
    const a = hexOf(this.#uuidWords[at])
    const b = hexOf(this.#uuidWords[at + 1])
    const c = hexOf(this.#uuidWords[at + 2])
    const d = hexOf(this.#uuidWords[at + 3])
    return `${a}-${b.slice(0, 4)}-${b.slice(4)}-${c.slice(0, 4)}-${c.slice(4)}${d}`
  }

  setUuid(slot: number, uuid: string): void {
    this.#oddUuids.delete(slot)
    if (uuid === '') {
      this.#flags[slot] = (this.#flags[slot] ?? 0) & ~hasUuid
      return
    }
    this.#flags[slot] = (this.#flags[slot] ?? 0) | hasUuid
    if (!uuidPattern.test(uuid)) {
      this.#oddUuids.set(slot, uuid)
      return
    }
    if (this.#uuidWords.length === 0) this.#uuidWords = new Int32Array(this.ids.length * 4)
    const hex = uuid.replaceAll('-', '')
    for (let i = 0; i < 4; i++) {
      this.#uuidWords[slot * 4 + i] = Number.parseInt(hex.slice(i * 8, i * 8 + 8), 16) | 0
    }
  }

  /**
   * Whether a live decision on the same target as `slot`, of a kind that `isWanted`, with the same
   * number in `classes`, ends after `untilMs`.
   */
  isOutlived(slot: number, untilMs: number, isWanted: Uint8Array, classes: Int32Array): boolean {
    const flags = (this.#flags[slot] ?? 0) & familyBits
    const w0 = this.#w0[slot] ?? 0
    const prefix = this.#prefixes[slot] ?? 0
    const ownClass = classes[this.kinds[slot] ?? 0]
    let other = this.#heads[this.#hashOfSlot(slot)] ?? none
    for (; other >= 0; other = this.#next[other] ?? none) {
      if (other === slot || this.#w0[other] !== w0 || this.#prefixes[other] !== prefix) continue
      if (((this.#flags[other] ?? 0) & familyBits) !== flags) continue
      const kind = this.kinds[other] ?? 0
      if (isWanted[kind] !== 1 || classes[kind] !== ownClass) continue
      if ((this.untils[other] ?? 0) <= untilMs) continue
      if (flags === isV6 && !this.#hasSameWords(slot, other)) continue
      if (flags === 0 && this.#texts.get(slot) !== this.#texts.get(other)) continue
      return true
    }
    return false
  }

  /** Forgets dead decisions that ended at or before this time; slots move, ids do not. */
  compact(endedBeforeMs: number): void {
    let to = 0
    const texts = new Map<number, string>()
    const oddUuids = new Map<number, string>()
    for (let from = 0; from < this.used; from++) {
      if (!this.isLive(from) && (this.untils[from] ?? 0) <= endedBeforeMs) continue
      const text = this.#texts.get(from)
      const uuid = this.#oddUuids.get(from)
      if (text !== undefined) texts.set(to, text)
      if (uuid !== undefined) oddUuids.set(to, uuid)
      if (from !== to) this.#move(from, to)
      to++
    }
    this.used = to
    this.#texts = texts
    this.#oddUuids = oddUuids
    this.#growSlots(Math.max(1_024, Math.ceil(to * 1.15)))
    this.#rehash(powerOfTwo(this.live))
  }

  #move(from: number, to: number): void {
    this.ids[to] = this.ids[from] ?? 0
    this.untils[to] = this.untils[from] ?? 0
    this.kinds[to] = this.kinds[from] ?? 0
    this.#w0[to] = this.#w0[from] ?? 0
    this.#prefixes[to] = this.#prefixes[from] ?? 0
    this.#flags[to] = this.#flags[from] ?? 0
    if (this.#w1.length > 0) {
      this.#w1[to] = this.#w1[from] ?? 0
      this.#w2[to] = this.#w2[from] ?? 0
      this.#w3[to] = this.#w3[from] ?? 0
    }
    if (this.#uuidWords.length > 0) {
      this.#uuidWords.copyWithin(to * 4, from * 4, from * 4 + 4)
    }
  }

  #setText(slot: number, text: string): void {
    this.#texts.set(slot, text)
    this.#flags[slot] = (this.#flags[slot] ?? 0) | hasText
  }

  #findFrom(start: number, target: Target): number {
    const family = target.family === 4 ? isV4 : target.family === 6 ? isV6 : 0
    for (let slot = start; slot >= 0; slot = this.#next[slot] ?? none) {
      if (this.#w0[slot] !== target.w0 || this.#prefixes[slot] !== target.prefix) continue
      if (((this.#flags[slot] ?? 0) & familyBits) !== family) continue
      if (family === isV4) return slot
      if (family === 0) {
        if (this.#texts.get(slot) === target.text) return slot
      } else if (
        this.#w1[slot] === target.w1 &&
        this.#w2[slot] === target.w2 &&
        this.#w3[slot] === target.w3
      ) {
        return slot
      }
    }
    return none
  }

  #hasSameWords(a: number, b: number): boolean {
    return this.#w1[a] === this.#w1[b] && this.#w2[a] === this.#w2[b] && this.#w3[a] === this.#w3[b]
  }

  #countPrefix(slot: number, change: number): void {
    const family = (this.#flags[slot] ?? 0) & familyBits
    if (family === 0) return
    const counts = family === isV4 ? this.#prefixCounts4 : this.#prefixCounts6
    const prefix = this.#prefixes[slot] ?? 0
    counts[prefix] = (counts[prefix] ?? 0) + change
  }

  #link(slot: number): void {
    const at = this.#hashOfSlot(slot)
    this.#next[slot] = this.#heads[at] ?? none
    this.#heads[at] = slot
  }

  #unlink(slot: number): void {
    const at = this.#hashOfSlot(slot)
    let before = this.#heads[at] ?? none
    if (before === slot) {
      this.#heads[at] = this.#next[slot] ?? none
      return
    }
    while (this.#next[before] !== slot) before = this.#next[before] ?? none
    this.#next[before] = this.#next[slot] ?? none
  }

  #rehash(size: number): void {
    this.#heads = new Int32Array(size).fill(none)
    for (let slot = 0; slot < this.used; slot++) {
      if (this.isLive(slot)) this.#link(slot)
    }
  }

  #hashOfSlot(slot: number): number {
    const family = (this.#flags[slot] ?? 0) & familyBits
    const w0 = this.#w0[slot] ?? 0
    const prefix = this.#prefixes[slot] ?? 0
    if (family !== isV6) return this.#hash(family === isV4 ? 4 : 0, prefix, w0, 0, 0, 0)
    return this.#hash(6, prefix, w0, this.#w1[slot] ?? 0, this.#w2[slot] ?? 0, this.#w3[slot] ?? 0)
  }

  #hash(family: number, prefix: number, w0: number, w1: number, w2: number, w3: number): number {
    let h = this.#seed ^ w0 ^ Math.imul(prefix + family * 256 + 1, 0x9e3779b1)
    h = Math.imul(h ^ (h >>> 16), 0x7feb352d)
    if (family === 6) {
      h = Math.imul((h ^ w1) + this.#seed, 0x85ebca77)
      h = Math.imul((h ^ (h >>> 13) ^ w2) + this.#seed, 0xc2b2ae3d)
      h = Math.imul((h ^ (h >>> 16) ^ w3) + this.#seed, 0x27d4eb2f)
    }
    h = Math.imul(h ^ (h >>> 15), 0x846ca68b)
    return (h ^ (h >>> 16)) & (this.#heads.length - 1)
  }

  #growSlots(capacity: number): void {
    this.ids = resized(this.ids, new Float64Array(capacity), this.used)
    this.untils = resized(this.untils, new Float64Array(capacity), this.used)
    this.kinds = resized(this.kinds, new Int32Array(capacity), this.used)
    this.#w0 = resized(this.#w0, new Int32Array(capacity), this.used)
    this.#prefixes = resized(this.#prefixes, new Uint8Array(capacity), this.used)
    this.#flags = resized(this.#flags, new Uint8Array(capacity), this.used)
    this.#next = resized(this.#next, new Int32Array(capacity), this.used)
    if (this.#w1.length > 0) this.#growWords(capacity)
    if (this.#uuidWords.length > 0) {
      this.#uuidWords = resized(this.#uuidWords, new Int32Array(capacity * 4), this.used * 4)
    }
  }

  #growWords(capacity: number): void {
    this.#w1 = resized(this.#w1, new Int32Array(capacity), this.used)
    this.#w2 = resized(this.#w2, new Int32Array(capacity), this.used)
    this.#w3 = resized(this.#w3, new Int32Array(capacity), this.used)
  }
}

function resized<T extends Float64Array | Int32Array | Uint8Array>(
  from: T,
  to: T,
  used: number,
): T {
  to.set(from.subarray(0, used))
  return to
}

function powerOfTwo(atLeast: number): number {
  return 2 ** Math.max(10, Math.ceil(Math.log2(Math.max(1, atLeast))))
}

function hexOf(word: number | undefined): string {
  return ((word ?? 0) >>> 0).toString(16).padStart(8, '0')
}
