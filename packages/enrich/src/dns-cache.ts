import { parseAddress } from '@tocsin/address'
import type { Clock } from '@tocsin/model'
import { type CacheGauge, gaugeOf, LruCache } from './cache.ts'

/** Asks the domain name system; rejects when a name or an address is not known there. */
export interface Resolver {
  /** The names of an address, as they are returned: `['crawl-1.example.org.']`. */
  reverse(address: string): Promise<readonly string[]>
  /** The addresses of a name, of both families. */
  lookup(name: string): Promise<readonly string[]>
}

export interface DnsCacheOptions {
  readonly clock: Clock
  /** Without one nothing is ever known: replays and tests do not touch the network. */
  readonly resolver?: Resolver | undefined
  /** How many answers are kept; 16 384 when left out. */
  readonly size?: number
  /** How long an answer is kept; an hour when left out. */
  readonly ttlMs?: number
  /** How long a failure or an empty answer is kept; five minutes when left out. */
  readonly negativeTtlMs?: number
  /** How long one lookup may take; three seconds when left out. */
  readonly timeoutMs?: number
}

interface Remembered {
  readonly answers: readonly string[]
  readonly expiresAtMs: number
}

const nothing: readonly string[] = Object.freeze([])
const maxConfirmed = 3
/** Lines name more addresses than can be asked for: what comes on top is not asked. */
const maxPending = 512

/**
 * Remembers names of addresses and addresses of names. What is not known is looked up in the
 * background and is there for the next who asks; who can wait uses the functions with a promise.
 * Lookups of one key at a time are merged, and a failure is an empty answer.
 */
export class DnsCache {
  readonly #clock: Clock
  readonly #resolver: Resolver | undefined
  readonly #answers: LruCache<Remembered>
  readonly #pending = new Map<string, Promise<readonly string[]>>()
  readonly #ttlMs: number
  readonly #negativeTtlMs: number
  readonly #timeoutMs: number

  constructor(options: DnsCacheOptions) {
    this.#clock = options.clock
    this.#resolver = options.resolver
    this.#answers = new LruCache(options.size ?? 16_384)
    this.#ttlMs = options.ttlMs ?? 3_600_000
    this.#negativeTtlMs = options.negativeTtlMs ?? 300_000
    this.#timeoutMs = options.timeoutMs ?? 3000
  }

  /** The names of an address that are known now, trailing dot and all. */
  reverse(address: string): readonly string[] {
    const key = reverseKey(address)
    return key === undefined ? nothing : this.#known(key)
  }

  /** The addresses of a name that are known now. */
  lookupHost(name: string): readonly string[] {
    return this.#known(hostKey(name))
  }

  /** The names of an address that are known now to lead back to it; lower case, no trailing dot. */
  confirmedNames(address: string): readonly string[] {
    return this.#confirm(address, (key) => this.#known(key))
  }

  /** As `reverse`, once the answer is there. */
  async resolve(address: string): Promise<readonly string[]> {
    const key = reverseKey(address)
    return key === undefined ? nothing : this.#ask(key)
  }

  /** As `lookupHost`, once the answer is there. */
  async resolveHost(name: string): Promise<readonly string[]> {
    return this.#ask(hostKey(name))
  }

  /** As `confirmedNames`, once the answers are there. */
  async resolveConfirmed(address: string): Promise<readonly string[]> {
    const names = await this.resolve(address)
    await Promise.all(names.slice(0, maxConfirmed).map((name) => this.resolveHost(name)))
    return this.confirmedNames(address)
  }

  /** Waits until no lookup is under way. */
  async settle(): Promise<void> {
    while (this.#pending.size > 0) await Promise.all(this.#pending.values())
  }

  /** Its remembered answers as a gauge shows them; expired ones count as found. */
  gauge(): CacheGauge {
    return gaugeOf('dns', this.#answers)
  }

  #confirm(address: string, find: (key: string) => readonly string[]): readonly string[] {
    const wanted = parseAddress(address)?.unmapped()
    const key = reverseKey(address)
    if (!wanted || key === undefined) return nothing
    const names = find(key).slice(0, maxConfirmed).map(plainName)
    return names.filter((name) =>
      find(hostKey(name)).some((text) => parseAddress(text)?.unmapped().equals(wanted)),
    )
  }

  #known(key: string): readonly string[] {
    const fresh = this.#fresh(key)
    if (fresh) return fresh
    // Nobody waits for it here; a failure is an answer, so this promise never rejects.
    if (this.#resolver && this.#pending.size < maxPending) void this.#ask(key)
    return nothing
  }

  #fresh(key: string): readonly string[] | undefined {
    const remembered = this.#answers.get(key)
    return remembered && remembered.expiresAtMs > this.#clock.nowMs()
      ? remembered.answers
      : undefined
  }

  #ask(key: string): Promise<readonly string[]> {
    const resolver = this.#resolver
    if (!resolver) return Promise.resolve(nothing)
    const fresh = this.#fresh(key)
    if (fresh) return Promise.resolve(fresh)
    const underWay = this.#pending.get(key)
    if (underWay) return underWay
    const asked = this.#lookUp(resolver, key).finally(() => this.#pending.delete(key))
    this.#pending.set(key, asked)
    return asked
  }

  async #lookUp(resolver: Resolver, key: string): Promise<readonly string[]> {
    const name = key.slice(1)
    const answers = await withTimeout(
      // Within a promise, so that a resolver that throws at once is a failure like any other.
      Promise.resolve().then(() =>
        key[0] === '<' ? resolver.reverse(name) : resolver.lookup(name),
      ),
      this.#timeoutMs,
    )
    const ttlMs = answers.length > 0 ? this.#ttlMs : this.#negativeTtlMs
    this.#answers.set(key, { answers, expiresAtMs: this.#clock.nowMs() + ttlMs })
    return answers
  }
}

/** The answer, or nothing when it fails or is late: both mean that no name is known. */
async function withTimeout(
  asked: Promise<readonly string[]>,
  timeoutMs: number,
): Promise<readonly string[]> {
  const late = Promise.withResolvers<readonly string[]>()
  const timer = setTimeout(() => late.resolve(nothing), timeoutMs)
  // A lookup under way must not keep a finished program alive.
  timer.unref()
  const answered = asked.then(
    (answers) => Object.freeze([...answers]),
    // Not known, refused or unreachable: the peer remembers all of them as "no name".
    () => nothing,
  )
  const answers = await Promise.race([answered, late.promise])
  clearTimeout(timer)
  return answers
}

/** Keys of both directions live in one cache: `<192.0.2.1`, `>example.org`. */
function reverseKey(address: string): string | undefined {
  const parsed = parseAddress(address)
  return parsed && `<${parsed.unmapped().toString()}`
}

function hostKey(name: string): string {
  return `>${plainName(name)}`
}

function plainName(name: string): string {
  const lower = name.toLowerCase()
  return lower.endsWith('.') ? lower.slice(0, -1) : lower
}
