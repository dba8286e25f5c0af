/** An entry: an address or range, or a name to be resolved by others. */
export interface AllowlistItem {
  /** As written: `192.0.2.0/24`, `home.example.org`. */
  readonly value: string
  readonly comment: string
  readonly createdMs: number
  /** Undefined for ever. */
  readonly expiresMs: number | undefined
}

export interface NewAllowlistItem {
  readonly value: string
  readonly comment?: string
  readonly expiresMs?: number
  readonly createdMs?: number
}

/** Whom never to act on. */
export interface Allowlist {
  readonly name: string
  readonly description: string
  /** Id at the central service; empty for a local one. */
  readonly allowlistId: string
  readonly isFromConsole: boolean
  readonly createdMs: number
  readonly updatedMs: number
  /** Without those that have expired. */
  readonly items: readonly AllowlistItem[]
}

export interface NewAllowlist {
  readonly name: string
  readonly description: string
  readonly allowlistId?: string
  readonly isFromConsole?: boolean
}

/** Why something is allowlisted: the entry, the list, the comment. */
export interface AllowlistMatch {
  readonly value: string
  readonly list: string
  readonly comment: string
  readonly expiresMs: number | undefined
}

export interface AllowlistStore {
  list(): Allowlist[]
  get(name: string): Allowlist | undefined
  /** @throws {StoreError} `TOC_STORE_EXISTS` when the name is taken. */
  create(list: NewAllowlist): Promise<Allowlist>
  update(
    name: string,
    change: { readonly name?: string; readonly description?: string },
  ): Promise<boolean>
  delete(name: string): Promise<boolean>
  /** Adds the values that are not in the list yet; how many. Values that are no address are names. */
  addItems(name: string, items: readonly NewAllowlistItem[]): Promise<number>
  removeItems(name: string, values: readonly string[]): Promise<number>
  /** Makes these the only items. */
  replaceItems(name: string, items: readonly NewAllowlistItem[]): Promise<void>
  /**
   * The entries that overlap an address or range, in either direction, sorted by list name.
   * Undefined when `target` is neither. Names match what `resolveNames` said last.
   */
  check(target: string): AllowlistMatch[] | undefined
  /** Every entry that is a name, for a resolver. */
  names(): string[]
  /** What names stand for now: `check` then matches these addresses for the entries of that name. */
  resolveNames(addresses: ReadonlyMap<string, readonly string[]>): void
}
