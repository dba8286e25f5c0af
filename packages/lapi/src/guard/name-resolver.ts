import type { AllowlistStore } from '@tocsin/store'
import type { Log } from '@tocsin/telemetry'

/** Asks for the addresses of a name; rejects when nobody can say. */
export type ResolveName = (name: string) => Promise<readonly string[]>

/** Keeps the names of allowlists resolved; a name that cannot be resolved keeps its last addresses. */
export class NameResolver {
  readonly #allowlists: AllowlistStore
  readonly #resolve: ResolveName
  readonly #log: Log
  readonly #known = new Map<string, readonly string[]>()

  constructor(allowlists: AllowlistStore, resolve: ResolveName, log: Log) {
    this.#allowlists = allowlists
    this.#resolve = resolve
    this.#log = log
  }

  /** The addresses that all names stand for now. */
  addresses(): string[] {
    return [...this.#known.values()].flat()
  }

  /** Whether a name has come that was never asked for. */
  hasNews(): boolean {
    return this.#allowlists.names().some((name) => !this.#known.has(name))
  }

  /** Asks for every name again. */
  async refresh(): Promise<void> {
    const names = new Set(this.#allowlists.names())
    for (const name of this.#known.keys()) {
      if (!names.has(name)) this.#known.delete(name)
    }
    await Promise.all([...names].map((name) => this.#ask(name)))
    this.#allowlists.resolveNames(new Map(this.#known))
  }

  async #ask(name: string): Promise<void> {
    const before = this.#known.get(name)
    try {
      const addresses = await this.#resolve(name)
      if (addresses.length > 0 || before === undefined) this.#known.set(name, addresses)
      if (before && addresses.length > 0 && before.join() !== addresses.join()) {
        this.#log.info({ name, addresses, before }, 'allowlisted name has new addresses')
      }
    } catch (error) {
      if (before === undefined) this.#known.set(name, [])
      const reason = error instanceof Error ? error.message : String(error)
      this.#log.warn({ name, reason, kept: before ?? [] }, 'allowlisted name cannot be resolved')
    }
  }
}
